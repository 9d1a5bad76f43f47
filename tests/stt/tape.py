"""A recogniser that writes down what it is fed: what the ear passes on is what is tested."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voiceskill.stt.recognizer import Expectation, Final, Partial


class Tape:
    """Keeps every utterance as samples, with the time at which its first frame lies."""

    name = "tape"

    def __init__(self) -> None:
        self.so_far: str | None = None
        """What a look at an utterance that goes on tells."""
        self.utterances: list[tuple[float, NDArray[np.int16]]] = []
        self.expected: list[Expectation] = []
        self._frames: list[bytes] = []
        self._at = 0.0

    def expect(self, expectation: Expectation) -> None:
        self.expected.append(expectation)

    def begin(self, at: float) -> None:
        self._at = at
        self._frames = []

    def feed(self, frame: bytes) -> Partial | None:
        self._frames.append(frame)
        return Partial("so far", self._at) if len(self._frames) == 1 else None

    def peek(self) -> Final | None:
        return None if self.so_far is None else Final(self.so_far, 1.0, self._at, self._at)

    def finish(self) -> Final:
        self.utterances.append((self._at, np.frombuffer(b"".join(self._frames), np.int16)))
        return Final("said", 1.0, self._at, self._at)

    def missing_words(self, phrases: Sequence[str]) -> list[str]:
        return []

    def close(self) -> None:
        pass
