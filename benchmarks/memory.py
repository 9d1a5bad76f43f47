"""How much memory grows over a long run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

WARM_UP_PARTS = 10
"""One part in so many, at the beginning, is warm-up: what is allocated then once is no leak."""


def growth(memory_mb: Sequence[float]) -> float:
    """Over the whole run, from values taken in even distances: the slope of a line fitted to all
    after the warm-up, times the length of the run.

    A line, as one value says little: it depends on how long ago an engine was replaced. What comes
    once, late, counts up to 1.7 times. NaN for less than three values after the warm-up.
    """
    warm_up = -(-len(memory_mb) // WARM_UP_PARTS)
    warm = np.array(memory_mb[warm_up:])
    if len(warm) < 3:
        return float("nan")
    slope = float(np.polyfit(np.arange(len(warm)), warm, 1)[0])
    return slope * (len(memory_mb) - 1)
