"""A piece of sound, and the numbers every stage agrees on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Hz; what the recognisers and the voice activity detector hear."""

FRAME_SAMPLES = 512
"""Samples of one frame: 32 ms at 16 kHz, the block the voice activity detector takes."""

FRAME_BYTES = FRAME_SAMPLES * 2
"""Bytes of one frame of 16-bit mono sound."""

FRAME_S = FRAME_SAMPLES / SAMPLE_RATE
"""Seconds of one frame."""


@dataclass(frozen=True, eq=False)
class Sound:
    """A finished piece of sound."""

    samples: NDArray[np.int16]
    """Mono samples, int16, shape (n,)."""

    rate: int
    """Samples a second, Hz."""

    @property
    def seconds(self) -> float:
        """How long it plays, seconds."""
        return len(self.samples) / self.rate

    def after(self, seconds: float) -> Sound:
        """What is left of it after so many seconds."""
        return Sound(self.samples[round(seconds * self.rate) :], self.rate)
