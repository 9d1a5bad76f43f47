"""Sound as a recogniser gets it, and the recordings of people to take it from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.audio.wav import read_wav
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Final

Samples = NDArray[np.int16]


def recording(path: Path) -> Samples:
    """A recording of the test data, int16 mono at 16 kHz."""
    sound = read_wav(path)
    assert sound.rate == SAMPLE_RATE
    return sound.samples


def room(seconds: float, rms: float = 40.0) -> Samples:
    """A quiet room: noise, never digital silence; the same in every run."""
    random = np.random.default_rng(1)
    return random.normal(0.0, rms, round(seconds * SAMPLE_RATE)).astype(np.int16)


def in_room(samples: Samples, before_s: float = 1.0, after_s: float = 2.0) -> Samples:
    """The sound with a quiet room around it."""
    return np.concatenate([room(before_s), samples, room(after_s)])


def frames(samples: Samples) -> Iterator[bytes]:
    """Whole frames, the last one filled with zeros."""
    padded = np.pad(samples, (0, -len(samples) % FRAME_SAMPLES))
    for start in range(0, len(padded), FRAME_SAMPLES):
        yield padded[start : start + FRAME_SAMPLES].tobytes()


def finals(ear: Ear, samples: Samples) -> list[Final]:
    """Every finished utterance in the sound, the input ending with it."""
    heard = [item for frame in frames(samples) for item in ear.feed(frame)]
    found = [item for item in heard if isinstance(item, Final)]
    last = ear.flush()
    return [*found, last] if last else found
