"""How much memory grows over a long run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def growth(memory_mb: Sequence[float]) -> float:
    """Over the second half, by a line fitted to it: one value says little, for it depends on how
    long ago an engine was replaced. NaN for less than three values."""
    warm = np.array(memory_mb[len(memory_mb) // 2 :])
    if len(warm) < 3:
        return float("nan")
    slope = float(np.polyfit(np.arange(len(warm)), warm, 1)[0])
    return slope * (len(warm) - 1)
