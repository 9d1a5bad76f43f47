"""How like what was played something is that was heard, at every delay an echo may have: the echo
stands out, a voice does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DELAYS = 16_384
"""Samples by which an echo may come late at most: a second."""

SHORTEST_SOUND = 1_024
"""Samples: a correlation over fewer has no mean to speak of."""

FAR = 32
"""Samples (2 ms): WebRTC's canceller hardly notices that an echo moves by less."""

ELSEWHERE = 0.5
"""An echo that has moved stands out less than half as far in its old place as in the new one; a
reflection, or a word said before, is heard beside the echo that stayed."""

TAPER = 256
"""Samples at both ends of what is looked for: where heard and played break off together, the edges
were taken for an echo that comes at once."""

Block = NDArray[np.float32]

_RISE = (np.sin(0.5 * np.pi * (np.arange(TAPER) + 0.5) / TAPER) ** 2).astype(np.float32)


@dataclass(frozen=True)
class Likeness:
    """How like what was played lately the last samples of something are. What was played and comes
    back stands out, a voice does not."""

    peak: float
    """How far the correlation stands above its mean at most."""
    at: int
    """How late it does, samples."""
    in_place: float | None
    """How far it does where the echo is expected, 0 where that is before its cause; None while none
    is or could be."""
    off: int | None
    """How much later than there it does most, samples; None while no echo is expected."""
    within: int
    """Samples within which the echo is in its place."""

    @property
    def is_expected(self) -> bool:
        """Whether it stands out most where the echo is expected."""
        return self.off is not None and abs(self.off) <= self.within

    @property
    def is_elsewhere(self) -> bool:
        """Whether the echo is heard, and not where it is expected. Not where nothing was played
        that could be heard there: a word said before may be the same."""
        if self.off is None or self.in_place is None or self.is_expected:
            return False
        return self.in_place < ELSEWHERE * self.peak

    @property
    def is_far(self) -> bool:
        """Whether it stands out most far from where the echo is expected."""
        return self.off is not None and abs(self.off) > FAR


def compare(heard: Block, played: Block, expected: int | None, within: int) -> Likeness:
    """``heard`` (n,) with ``played`` (DELAYS + n,), which ends when it does; ``expected`` is how
    late the echo should come, ``within`` how exactly, samples."""
    clear = _clear(heard, played)
    at = int(np.argmax(clear))
    if expected is None:
        return Likeness(float(clear[at]), at, None, None, within)
    in_place = _in_place(clear, expected, within)
    return Likeness(float(clear[at]), at, in_place, at - expected, within)


def correlation(heard: Block, played: Block, size: int) -> NDArray[np.floating[Any]]:
    """By how many samples ``heard`` lags behind ``played``, shape (size,). Only the phase counts
    (PHAT): a vowel is no more telling than a hiss."""
    cross = np.fft.rfft(heard, size) * np.fft.rfft(played, size).conj()
    strength = np.abs(cross)
    return np.fft.irfft(cross / (strength + 1e-3 * strength.mean() + 1e-9))


def _clear(heard: Block, played: Block) -> NDArray[np.floating[Any]]:
    """The correlation in terms of its mean, for every delay, shape (DELAYS,); zeros where too
    little sounds."""
    late = np.zeros(len(played), np.float32)
    late[-len(heard) :] = heard
    late[-len(heard) : TAPER - len(heard)] *= _RISE
    late[-TAPER:] *= _RISE[::-1]
    peaks = np.abs(correlation(late, played, 2 * len(played)))[:DELAYS]
    # Against silence everything stands out.
    sounds = np.concatenate([[0], np.cumsum(played != 0)])
    sounding = (sounds[len(heard) :] - sounds[: -len(heard)])[:0:-1] > len(heard) / 2
    strong, count = np.where(sounding, peaks, 0.0), np.count_nonzero(sounding)
    if count < SHORTEST_SOUND or not strong.any():
        return np.zeros(DELAYS)
    return np.asarray(strong / np.sqrt(np.sum(strong**2) / count))


def _in_place(clear: NDArray[np.floating[Any]], expected: int, within: int) -> float | None:
    if expected < -within:
        return 0.0
    there = clear[max(0, expected - within) : expected + within + 1]
    return float(np.max(there)) if there.any() else None
