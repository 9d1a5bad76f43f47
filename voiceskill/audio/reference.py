"""What the loudspeaker plays, for the echo canceller: from PortAudio's thread to the reader of the
microphone, in step with the microphone's samples."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceskill.audio.sound import SAMPLE_RATE

CUSHION_SAMPLES = 1_280
"""80 ms in hand before anything is given: loudspeakers ask for their sound in lumps as long."""

RESERVE_SAMPLES = 640
"""40 ms that should be left over when least is; with more the echo might come before its cause."""

LOOSE_SAMPLES = 320
"""20 ms more or less are left alone; two clocks need three minutes for that."""

LEAST_LATE_SAMPLES = 160
"""10 ms that the echo comes late at least, as far as it is known: put in more, and it comes before
its cause, where no filter finds it. The assistant then broke off every sentence."""

FAR_BEHIND_SAMPLES = 8_000
"""Half a second too late is put right in the middle of a word; less waits for silence."""

WATCHED_TAKES = 320
"""What is left over is watched for ten seconds: a reader that was busy for a while has as much of
the microphone's sound to fetch, so nothing is out of step."""

LONGEST_S = 40.0
"""What nobody fetches for so long is forgotten; the microphone keeps 30 s."""

Samples = NDArray[np.int16]


class Reference:
    """A bounded queue of sound; where nothing was played there is silence. One writer, one reader.

    Two clocks fill and empty it, so now and then it is set right, in silence and by samples that
    ``moved`` counts.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """Samples at 16 kHz of sound that came too late or that nobody fetched."""
        self.moved = 0
        """Samples by which the sound now comes earlier than if nothing had ever been set right."""
        self.late: int | None = None
        """Samples by which the echo comes late by now, to be set by who knows; None: not known."""
        self._lock = threading.Lock()
        self._blocks: deque[tuple[bytes, int]] = deque()
        self._blocks_s = 0.0
        self._resampler: soxr.ResampleStream | None = None
        self._rate = SAMPLE_RATE
        self._waiting: Samples = np.zeros(0, np.int16)
        self._filling = True
        """Silence is given until the cushion is full."""
        self._least: int | None = None
        """Samples that were left over when least were, since the watch began."""
        self._takes = 0
        self._correction = 0
        """Samples to leave out (or, below zero, to put in) as soon as there is silence."""

    def put(self, block: bytes, rate: int) -> None:
        """Append what is handed to the loudspeaker, int16 mono; called by PortAudio's thread."""
        with self._lock:
            self._blocks.append((block, rate))
            self._blocks_s += _seconds(block, rate)
            while self._blocks_s > LONGEST_S:
                oldest_s = _seconds(*self._blocks.popleft())
                self._blocks_s -= oldest_s
                self.dropped += round(oldest_s * SAMPLE_RATE)

    def take(self, samples: int = 512) -> Samples:
        """The next ``samples`` of what is played, 16 kHz, shape (samples,)."""
        self._fetch()
        if self._filling and not self._fill():
            return np.zeros(samples, np.int16)
        self._set_right()
        taken, self._waiting = self._waiting[:samples], self._waiting[samples:]
        if len(taken) < samples:
            self._filling = True
            return np.pad(taken, (0, samples - len(taken)))
        self._watch()
        return taken

    def _fetch(self) -> None:
        with self._lock:
            blocks, self._blocks, self._blocks_s = self._blocks, deque(), 0.0
        parts = [self._waiting, *(self._at_16_khz(block, rate) for block, rate in blocks)]
        self._waiting = np.concatenate(parts)

    def _at_16_khz(self, block: bytes, rate: int) -> Samples:
        samples = np.frombuffer(block, np.int16)
        if rate != self._rate:
            self._rate = rate
            self._resampler = None
            if rate != SAMPLE_RATE:
                self._resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
        if self._resampler is None:
            return samples
        # Not in whole numbers: they would be dithered, and silence would be none any more.
        resampled = self._resampler.resample_chunk(samples.astype(np.float32))
        whole: Samples = np.rint(resampled).clip(-32_768, 32_767).astype(np.int16)
        return whole

    def _fill(self) -> bool:
        """Whether the cushion is full; what is older than it was played before anybody heard."""
        if len(self._waiting) < CUSHION_SAMPLES:
            return False
        self._waiting = self._waiting[-CUSHION_SAMPLES:]
        self._filling = False
        self._least, self._takes, self._correction = None, 0, 0
        return True

    def _watch(self) -> None:
        left = len(self._waiting)
        self._least = left if self._least is None else min(self._least, left)
        self._takes += 1
        if self._takes == WATCHED_TAKES:
            too_many = self._least - RESERVE_SAMPLES
            self._correction = too_many if abs(too_many) > LOOSE_SAMPLES else 0
            self._least, self._takes = None, 0

    def _set_right(self) -> None:
        if not self._correction:
            return
        silent = not self._waiting.any()
        if not silent and self._correction < FAR_BEHIND_SAMPLES:
            return
        leave_out = min(self._correction, len(self._waiting))
        if self.late is not None:
            leave_out = max(leave_out, min(0, LEAST_LATE_SAMPLES - self.late))
        if leave_out > 0:
            self._waiting = self._waiting[leave_out:]
            self.dropped += 0 if silent else leave_out
        else:
            self._waiting = np.pad(self._waiting, (-leave_out, 0))
        self.moved += leave_out
        self._least, self._takes, self._correction = None, 0, 0


def _seconds(block: bytes, rate: int) -> float:
    return len(block) / 2 / rate
