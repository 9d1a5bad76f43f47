"""A voice for several threads: what is rendered ahead, and what has to be said now."""

from __future__ import annotations

import threading

from voiceskill.audio.sound import Sound
from voiceskill.errors import VoiceError
from voiceskill.tts.voice import Voice

CLOSE_LIMIT_S = 2.0
"""A voice that is busy closes when it is done; nobody waits for one that hangs."""


class SharedVoice:
    """A ``Voice`` around another, which renders one text at a time, in whatever thread."""

    def __init__(self, voice: Voice) -> None:
        self.name = voice.name
        self._voice = voice
        self._in_use = threading.Lock()
        self._closed = False

    def render(self, text: str, rate_wpm: int) -> Sound:
        """As the voice behind, after what it is busy with. Raises what that raises, and VoiceError
        once it is closed."""
        with self._in_use:
            if self._closed:
                raise VoiceError("The voice is closed.")
            try:
                return self._voice.render(text, rate_wpm)
            finally:
                # It was given up while it was busy.
                if self._closed:
                    self._voice.close()

    def close(self) -> None:
        """Close the voice, or leave that to the thread that it is busy in; safe to call twice."""
        self._closed = True
        if self._in_use.acquire(timeout=CLOSE_LIMIT_S):
            try:
                self._voice.close()
            finally:
                self._in_use.release()
