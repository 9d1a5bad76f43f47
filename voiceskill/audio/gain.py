"""Louder and quieter."""

from __future__ import annotations

import numpy as np

from voiceskill.audio.sound import Sound

_FULL_SCALE = 32_768


def amplified(sound: Sound, gain_db: float) -> Sound:
    """The sound ``gain_db`` louder; peaks beyond full scale are clipped."""
    if gain_db == 0.0:
        return sound
    samples = np.rint(sound.samples * 10.0 ** (gain_db / 20.0))
    return Sound(samples.clip(-_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16), sound.rate)
