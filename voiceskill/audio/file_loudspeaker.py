"""A WAV file that stands in for the loudspeaker, on a clock of its own."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.gain import amplified
from voiceskill.audio.sound import Sound
from voiceskill.audio.wav import check_writable, resample, write_wav


class FileLoudspeaker:
    """Collects what is said and writes it when closed; see ``Loudspeaker``.

    Its time is virtual: a sound has been heard as soon as it is played.
    """

    def __init__(self, path: Path, rate: int) -> None:
        """``rate`` is that of the file, Hz. Raises BadInputError when it could not be written."""
        check_writable(path)
        self.gain_db = 0.0
        self.first_sample_at: float | None = None
        self._path = path
        self._rate = rate
        self._parts: list[NDArray[np.int16]] = []
        self._length = 0
        self._last_s = 0.0
        self._closed = False

    @property
    def playing(self) -> bool:
        """Never: what is played has been heard."""
        return False

    @property
    def position(self) -> float:
        """Seconds of the last sound: it has been heard to its end."""
        return self._last_s

    @property
    def elapsed_s(self) -> float:
        """The virtual time: seconds of speech and silence so far."""
        return self._length / self._rate

    def play(self, sound: Sound) -> None:
        """Append the sound; the virtual clock goes on by its length."""
        self.first_sample_at = time.monotonic()
        self._last_s = sound.seconds
        self._append(amplified(resample(sound, self._rate), self.gain_db).samples)

    def silence(self, seconds: float) -> None:
        """Append silence: the time in which the person speaks or a hold is counted."""
        self._append(np.zeros(round(seconds * self._rate), np.int16))

    def wait(self, timeout_s: float) -> bool:  # noqa: ARG002 (virtual time keeps nobody waiting)
        """Nothing to wait for."""
        return True

    def cut(self) -> float:
        """Nothing to cut: the last sound was heard to its end."""
        return self._last_s

    def close(self) -> None:
        """Write the file. Raises BadInputError or VoiceSkillError when that fails."""
        if self._closed:
            return
        self._closed = True
        if not self._length:
            # Nothing was said: a file that was there before is worth more than an empty one.
            return
        write_wav(
            self._path, Sound(np.concatenate([np.zeros(0, np.int16), *self._parts]), self._rate)
        )

    def _append(self, samples: NDArray[np.int16]) -> None:
        self._parts.append(samples)
        self._length += len(samples)
