"""Sounds whose pitch and place can be measured."""

from __future__ import annotations

import numpy as np

from voiceskill.audio.sound import Sound

AMPLITUDE = 16_000


def tone(seconds: float, pitch_hz: float = 440.0, rate: int = 16_000) -> Sound:
    """A steady tone at half of full scale."""
    at = np.arange(round(seconds * rate)) / rate
    return Sound((AMPLITUDE * np.sin(2 * np.pi * pitch_hz * at)).astype(np.int16), rate)


def pitch_hz(sound: Sound) -> float:
    """The loudest frequency, to the nearest Hz or so in a second of sound."""
    spectrum = np.abs(np.fft.rfft(sound.samples * np.hanning(len(sound.samples))))
    return float(np.argmax(spectrum)) * sound.rate / len(sound.samples)


def audible(sound: Sound) -> Sound:
    """The sound without the silence before and after it."""
    loud = np.flatnonzero(np.abs(sound.samples) > AMPLITUDE // 200)
    first, last = (loud[0], loud[-1]) if len(loud) else (0, -1)
    return Sound(sound.samples[first : last + 1], sound.rate)
