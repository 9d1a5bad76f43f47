"""The assistant's voice in a room: rendered, played, cut, made louder or slower."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from typing import NamedTuple

import numpy as np

from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.sound import Sound
from voiceskill.background import in_background
from voiceskill.dialogue.actions import Adjust
from voiceskill.errors import VoiceError
from voiceskill.happenings import Happening, Playing, Trouble, WasRendered
from voiceskill.room import Room
from voiceskill.tts.cache import CachedVoice

SENTENCE_GAP_S = 0.25
"""Quiet after a sentence: listeners over fifty follow better with a pause than with slow words."""

SPEECH_MARGIN_S = 5.0
"""So much longer than its own length may a sound take to play before it counts as stuck."""

RENDER_LIMIT_S = 30.0
"""A renderer that hangs is given up sooner, even twice in a row; a disk that hangs is not."""

BEAT_S = 0.8
"""Longest pause between two signs of life while a sentence is waited for. After the first one a
person should know why nothing is said: a sentence takes 13 ms."""


class Rendering(NamedTuple):
    """A sentence that becomes sound in the background."""

    text: str
    rate_wpm: int
    sound: Future[Sound]


class Speaker:
    """Says one sentence at a time."""

    def __init__(
        self, voice: CachedVoice, room: Room, rate_wpm: int, tell: Callable[[Happening], None]
    ) -> None:
        """``rate_wpm`` and the loudness of the room's loudspeaker are what ``reset`` goes back
        to; ``tell`` gets when a sentence was rendered and when it began to sound."""
        self.name = voice.name
        self._voice = voice
        self._room = room
        self._tell = tell
        self._normal_rate_wpm = self._rate_wpm = rate_wpm
        self._normal_gain_db = self._gain_db = room.loudspeaker.gain_db
        self._untold = False
        self._latest: Rendering | None = None
        """What was begun last in the background."""

    @property
    def playing(self) -> bool:
        """Whether something is still to be heard. Raises AudioError when the device is gone."""
        playing = self._room.loudspeaker.playing
        self._tell_of_the_first_sample()
        return playing

    def reset(self) -> None:
        """Speak as at the beginning."""
        self._rate_wpm, self._gain_db = self._normal_rate_wpm, self._normal_gain_db

    def adjust(self, wish: Adjust) -> None:
        """Speak as somebody wishes from now on."""
        self._rate_wpm = wish.rate_wpm or self._rate_wpm
        if wish.gain_db is not None:
            self._gain_db = self._normal_gain_db + wish.gain_db

    def rendered(self, text: str) -> Sound:
        """A sentence as sound, with the pause after it. Raises what the voice raises, and
        AudioError when sound has to be opened anew meanwhile."""
        cached = self._voice.cached(text, self._rate_wpm)
        # What is kept does not wait for a voice that hangs.
        bare = self._voice.render(text, self._rate_wpm) if cached else self._made(text)
        self._tell(WasRendered(self._room.microphone.position_s, cached))
        return with_gap(bare, SENTENCE_GAP_S)

    def get_ready(self, sentences: Iterator[str]) -> None:
        """Begin to render the next of the sentences that may be said soon; the voice keeps it.

        Neither waits nor raises: whoever has to say it will be told. While another is rendered, and
        after a failure until something was rendered again, they stay in ``sentences``.
        """
        latest = self._latest
        if latest and (not latest.sound.done() or latest.sound.exception()):
            return
        text = next(sentences, None)
        if text is None:
            return
        begun = self._begin(text)
        if isinstance(self._room.microphone, FileMicrophone):
            # A file waits: what comes of it is the same on every machine.
            wait([begun.sound])

    def play(self, sound: Sound) -> None:
        """Begin to say it. Raises AudioError when the device is gone."""
        loudspeaker = self._room.loudspeaker
        loudspeaker.gain_db = self._gain_db
        self._untold = True
        loudspeaker.first_sample_at = None
        loudspeaker.play(sound)

    def cut(self) -> float:
        """Fall silent; seconds of the sound that were heard."""
        return self._room.loudspeaker.cut()

    def finish(self, seconds: float = 0.0) -> None:
        """Wait until a sound of so many seconds has been said. Raises AudioError when the device
        is gone."""
        self._room.loudspeaker.wait(self.limit_s(seconds))
        self._tell_of_the_first_sample()

    def limit_s(self, seconds: float) -> float:
        """How long saying a sound of so many seconds may take, seconds."""
        return seconds + SPEECH_MARGIN_S

    def _made(self, text: str) -> Sound:
        """The sentence as it was rendered just now; where that fails, at the normal rate, if that
        is kept: the call for help is."""
        try:
            return self._waited_for(text)
        except VoiceError:
            if not self._voice.cached(text, self._normal_rate_wpm):
                raise
            return self._voice.render(text, self._normal_rate_wpm)

    def _begin(self, text: str) -> Rendering:
        rate_wpm = self._rate_wpm
        sound = in_background(lambda: self._voice.render(text, rate_wpm), "rendering")
        self._latest = Rendering(text, rate_wpm, sound)
        return self._latest

    def _waited_for(self, text: str) -> Sound:
        """The sentence, rendered after what is being rendered; where that is the sentence itself,
        it is not tried again when it fails: that would double the silence."""
        latest = self._latest
        if latest is None or latest.sound.done() or latest[:2] != (text, self._rate_wpm):
            latest = self._begin(text)
        until = time.monotonic() + RENDER_LIMIT_S
        is_slow = False
        while time.monotonic() < until:
            self._room.beat()
            if wait([latest.sound], BEAT_S).done:
                return latest.sound.result()
            if not is_slow:
                is_slow = True
                self._tell(Trouble(self._room.microphone.position_s, "The voice is slow."))
        raise VoiceError("The voice does not answer. Type: voiceskill doctor")

    def _tell_of_the_first_sample(self) -> None:
        first = self._room.loudspeaker.first_sample_at
        if self._untold and first is not None:
            self._untold = False
            self._tell(Playing(self._room.microphone.position_s, first))


def with_gap(sound: Sound, seconds: float) -> Sound:
    """The sound with so much quiet after it."""
    gap = np.zeros(int(seconds * sound.rate), dtype=np.int16)
    return Sound(np.concatenate([sound.samples, gap]), sound.rate)
