"""The one protocol that every voice fulfils."""

from __future__ import annotations

from typing import Protocol

from voiceskill.audio.sound import Sound


class Voice(Protocol):
    """Text to sound. Not thread-safe."""

    name: str
    """Identifies engine and voice, for the cache key and for ``doctor``."""

    def render(self, text: str, rate_wpm: int) -> Sound:
        """The text as sound, spoken at ``rate_wpm`` words a minute.

        Raises VoiceError when the voice cannot do it within its time limit.
        """

    def close(self) -> None:
        """Stop what the voice has started; safe to call twice."""
