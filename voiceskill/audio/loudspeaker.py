"""The one protocol that everything fulfils which the assistant speaks through."""

from __future__ import annotations

from typing import Protocol

from voiceskill.audio.sound import Sound


class Loudspeaker(Protocol):
    """Plays one sound after the other."""

    gain_db: float
    """Loudness against the sound as it is, dB; holds from the next ``play``."""

    first_sample_at: float | None
    """Monotonic time at which the last sound played began to be handed to the stream; None
    before that."""

    @property
    def playing(self) -> bool:
        """Whether something is still to be heard. Raises AudioError when the device is gone."""

    @property
    def position(self) -> float:
        """Seconds of the current sound, or of the last one, that have been heard."""

    def play(self, sound: Sound) -> None:
        """Play the sound, after those still playing; returns at once.

        Raises AudioError when the device is gone.
        """

    def wait(self, timeout_s: float) -> bool:
        """Wait until all has been heard; False when that takes longer than ``timeout_s`` seconds.

        Raises AudioError when the device is gone.
        """

    def cut(self) -> float:
        """Silence: fade out the current sound and forget those after it.

        Returns the seconds of the current sound that are heard, from where it can go on.
        """

    def close(self) -> None:
        """Cut what is playing and let go; safe to call twice."""
