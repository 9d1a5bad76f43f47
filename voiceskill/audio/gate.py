"""Notices that somebody speaks over the assistant, by what is left once its own voice is taken out.

Levels alone decide: in a bathroom, voice activity detection finds half of the words within a
quarter of a second, and takes what is left of the own voice for speech.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.echo import Cleaned

ONSET_FRAMES = 3
"""All of 96 ms has to be loud: no click is."""

HOLD_DB = 1.0
"""So much an echo fades from frame to frame at least, in a room with two seconds of echo."""

FLOOR_FRAMES = 32
ABOVE_FLOOR_DB = 12.0
"""Above the quietest frame of the last second: a fan opens the gate for a second at most."""

FAINTEST_DB = 33.0
"""57 dB below full scale: what is fainter is nobody. WebRTC's canceller hisses by itself (28 dB)
into the digital silence of a headset, which cut every greeting."""

THRESHOLDS_DB = (-19.0, -16.0, -13.0, -10.0, -7.0)
"""What is left of the own voice, against the voice: in twenty minutes of three simulated rooms at
most -16, on a live stream -25 to -40 until the echo moves. Words spoken 12 dB more quietly than the
echo reach -13 in nine of ten cases. The lowest that is proven counts; of 289 words spoken 6 dB more
quietly over live talk 265 are noticed without the first two, 270 with them."""

MARGIN_DB = 2.0
PROOF_FRAMES = 125
"""A threshold counts once all of 4 s of own voice has stayed so far beneath it: until then the
filter is still learning, or the loudspeaker rattles. With headphones nothing comes back at all."""

TRUST_FRAMES = 24
"""How long it takes for a threshold that had counted and was passed to count again."""

UNPROVEN_DB = -6.0
"""For what WebRTC's canceller leaves, while no threshold counts; of the own voice at most -8.8."""

LATELY_FRAMES = 4
"""An eighth of a second."""

TAIL_FRAMES = 40
"""So long after the last sound played an echo may still come: a slow device, a large room."""

NEVER_DB = -99.0


class Gate:
    """Frames out of the echo canceller in, whether somebody speaks out. Not thread-safe."""

    def __init__(self) -> None:
        self._own = _Level()
        self._all = _Level()
        self._linear = _Onset()
        self._residual = _Onset()
        self._silent = TAIL_FRAMES
        self._calm = [0] * len(THRESHOLDS_DB)
        """Frames of own voice since something came near each of the thresholds."""
        self._least_calm = [0] * len(THRESHOLDS_DB)

    @property
    def threshold_db(self) -> float | None:
        """What the filter leaves has to pass this, dB against the own voice; None while the filter
        is not good enough to go by."""
        for threshold, calm in zip(THRESHOLDS_DB, self._calm, strict=True):
            if calm >= PROOF_FRAMES:
                return threshold
        return None

    @property
    def webrtc_db(self) -> float:
        """What WebRTC's canceller left lately against what the filter left, dB."""
        return self._residual.lately - self._linear.lately

    @property
    def proven(self) -> bool:
        """Whether a threshold counts, or has counted since it was last distrusted."""
        return self.threshold_db is not None or any(self._least_calm)

    @property
    def over_own_db(self) -> float:
        """How far what the filter left was above the own voice in all of the last frames, dB; far
        below zero while nothing was played for so long that no echo can come."""
        return NEVER_DB if self._silent >= TAIL_FRAMES else self._linear.over

    def distrust(self) -> None:
        """It opened for nobody, or the filter is new: what that leaves has to be proven anew."""
        self._calm = [0] * len(THRESHOLDS_DB)
        self._least_calm = [0] * len(THRESHOLDS_DB)

    def feed(self, cleaned: Cleaned, played: NDArray[np.int16], *, moved: bool = False) -> bool:
        """Whether somebody speaks over the own voice, by this frame; ``played`` has its shape.

        ``moved``: the echo has jumped lately. For a while WebRTC's canceller then takes a person
        for it and it for a person; what the filter leaves has to do.
        """
        self._silent = 0 if played.any() else self._silent + 1
        own = self._own.hold(_db(cleaned.echo))
        everything = self._all.hold(_db(cleaned.linear.astype(np.float32) + cleaned.echo))
        self._linear.feed(_db(cleaned.linear), own)
        self._residual.feed(_db(cleaned.residual), everything)
        if self._silent >= TAIL_FRAMES:
            return False
        threshold, over_own = self.threshold_db, self._linear.over
        self._judge(over_own, own_voice=self._silent == 0)
        if threshold is None:
            return over_own > THRESHOLDS_DB[-1] if moved else self._residual.over > UNPROVEN_DB
        return over_own > threshold

    def _judge(self, over_own: float, *, own_voice: bool) -> None:
        for index, threshold in enumerate(THRESHOLDS_DB):
            if self._calm[index] >= PROOF_FRAMES:
                self._least_calm[index] = PROOF_FRAMES - TRUST_FRAMES
            if over_own > threshold - MARGIN_DB:
                self._calm[index] = self._least_calm[index]
            elif own_voice:
                self._calm[index] += 1


class _Level:
    """A level that falls no faster than an echo fades."""

    def __init__(self) -> None:
        self._held = 0.0

    def hold(self, level: float) -> float:
        self._held = max(level, self._held - HOLD_DB)
        return self._held


class _Onset:
    """How loud the last frames were."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=FLOOR_FRAMES)
        self._over: deque[float] = deque([NEVER_DB] * ONSET_FRAMES, maxlen=ONSET_FRAMES)

    def feed(self, level: float, against: float) -> None:
        self._levels.append(level)
        loud = level > max(min(self._levels) + ABOVE_FLOOR_DB, FAINTEST_DB)
        self._over.append(level - against if loud else NEVER_DB)

    @property
    def over(self) -> float:
        """How far all of the last frames were above the other level, dB, if they were above the
        floor of their own."""
        return min(self._over)

    @property
    def lately(self) -> float:
        """The loudest of the last frames, dB."""
        return max(list(self._levels)[-LATELY_FRAMES:], default=0.0)


def _db(samples: NDArray[np.int16] | NDArray[np.float32]) -> float:
    loud = samples.astype(np.float32)
    return 10.0 * math.log10(float(np.dot(loud, loud)) / len(loud) + 1.0)
