"""Canceller and gate together: takes the own voice out, and tells who speaks over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.echo import Cleaned, EchoCanceller
from voiceskill.audio.gate import Gate

DECIDED_FRAMES = 1
"""So much later it is decided who the gate opened for: of 112 jumps of the echo 28 interrupted the
assistant when it was decided at once, 14 like this, 10 a frame later, when a word more was lost."""

Samples = NDArray[np.int16]


class OverOwnVoice:
    """Frames of the microphone and of what was played in, frames without it out. Not thread-safe.

    Every frame has to be handed in, spoken or not: the canceller counts samples on both sides.
    """

    def __init__(self) -> None:
        """Raises AudioError without the canceller's package."""
        self.canceller = EchoCanceller()
        self.gate = Gate()
        self.spoken = False
        """Whether, by the last frame, somebody speaks over the own voice."""
        self._undecided = 0
        """Frames since the gate opened, until it is known who it opened for."""

    def process(self, heard: Samples, played: Samples, moved: int = 0) -> Cleaned:
        """One frame of each, (512,); ``moved`` as the canceller takes it."""
        cleaned = self.canceller.process(heard, played, moved)
        opened = self.gate.feed(cleaned, played, moved=self.canceller.has_moved)
        self.spoken = (opened or bool(self._undecided)) and self._decide()
        return cleaned

    def _decide(self) -> bool:
        """Whether it is a person by now; the gate has opened."""
        own = self.canceller.leaves_own_voice()
        self._undecided = 0 if own or self._undecided == DECIDED_FRAMES else self._undecided + 1
        return not own and not self._undecided
