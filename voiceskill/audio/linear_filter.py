"""An adaptive filter that learns how a room turns the own voice into its echo: a Kalman filter for
every frequency, after Enzner and Vary (2006), in partitions after Kuech and others (2014)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.sound import FRAME_SAMPLES

PARTITIONS = 10
"""Frames of echo that are modelled: 320 ms; what comes later in a bathroom is 30 dB down."""

TRANSITION = 0.9985
"""How much of the echo path stays from frame to frame, for it is never learned for good: people
move, clocks drift. 0.9995 loses 5 dB to a drift of 10 ppm that was not noticed."""

NEAR_SMOOTHING = 0.6
"""Of the level of everything that is not echo, from frame to frame: it must rise with the first
sound of a word, for that keeps the word from being learned."""

FIRST_DOUBT = 0.1
DOUBT_FALLS = 0.6
"""Before anything is known: what part of its own strength the voice may come back with, and how
that falls from partition to partition. With 1 everywhere the first four seconds are lost."""

_SIZE = 2 * FRAME_SAMPLES

Block = NDArray[np.float32]


class LinearFilter:
    """Frames of the loudspeaker's and the microphone's sound in, an estimate of the echo out."""

    def __init__(self) -> None:
        bins = _SIZE // 2 + 1
        self._played = np.zeros((PARTITIONS, bins), np.complex64)
        self._path = np.zeros((PARTITIONS, bins), np.complex64)
        self._doubt = np.zeros((PARTITIONS, bins), np.float32)
        self.doubt()
        self._near = np.zeros(bins, np.float32)
        self._last = np.zeros(FRAME_SAMPLES, np.float32)

    def process(self, heard: Block, played: Block) -> Block:
        """The echo in ``heard``, both (512,) float32; learns from it."""
        self._push(played)
        played_now = self._played
        echo = np.fft.irfft(np.einsum("pb,pb->b", played_now, self._path))[FRAME_SAMPLES:]
        error = np.zeros(_SIZE, np.float32)
        error[FRAME_SAMPLES:] = heard - echo
        self._learn(np.fft.rfft(error).astype(np.complex64))
        return echo.astype(np.float32)

    def replace_past(self, played: NDArray[np.float32]) -> None:
        """Take back what was played and put this in its place: (PARTITIONS + 1) * 512 samples."""
        blocks = played.reshape(PARTITIONS + 1, FRAME_SAMPLES)
        pairs = np.concatenate([blocks[:-1], blocks[1:]], axis=1)[::-1]
        self._played = np.fft.rfft(pairs, axis=1).astype(np.complex64)
        self._last = blocks[-1].copy()

    def doubt(self) -> None:
        """Learn as fast as at first: what is known may hold no longer."""
        falling = FIRST_DOUBT * DOUBT_FALLS ** np.arange(PARTITIONS, dtype=np.float32)
        self._doubt = np.maximum(self._doubt, falling[:, np.newaxis])

    def _push(self, played: Block) -> None:
        both = np.concatenate([self._last, played])
        self._last = played
        self._played[1:] = self._played[:-1].copy()
        self._played[0] = np.fft.rfft(both)

    def _learn(self, error: NDArray[np.complex64]) -> None:
        power = error.real**2 + error.imag**2
        self._near = NEAR_SMOOTHING * self._near + (1 - NEAR_SMOOTHING) * power
        strength = self._played.real**2 + self._played.imag**2
        expected = 0.5 * np.einsum("pb,pb->b", strength, self._doubt) + self._near + 1e-3
        gain = self._doubt / expected
        step = gain * self._played.conj() * error
        taps = np.fft.irfft(step, axis=1)
        taps[:, FRAME_SAMPLES:] = 0.0
        self._path += np.fft.rfft(taps, axis=1).astype(np.complex64)
        known = self._path.real**2 + self._path.imag**2
        keep = TRANSITION**2
        self._doubt = keep * (1 - 0.5 * gain * strength) * self._doubt + (1 - keep) * known
