"""A conversation of the whole assistant in a simulated room, with a person who asks questions and
speaks over the answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tests.audio.echo_rooms import ECHO_GAIN, voiced_rms
from tests.simulated_card import SimulatedCard
from voiceskill.assistant import Assistant
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.sound_card import SoundCard
from voiceskill.audio.wav import resample
from voiceskill.card_room import CardRoom
from voiceskill.content.unfinished import default_unfinished
from voiceskill.dialogue.session import Session
from voiceskill.happenings import Happening, Listening, WasCut, WasSaid, WasUnderstood
from voiceskill.settings import load_settings
from voiceskill.skill import Conversations, open_voice
from voiceskill.speaker import Speaker
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Recognizer
from voiceskill.stt.vad import VoiceActivity
from voiceskill.tts.cache import CachedVoice
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice
from voiceskill.turn_taking import TurnTaking
from voiceskill.waking import Sleeper
from voiceskill.watchdog import Watchdog

PERSON_VOICE = "en-gb-x-rp+f3"
PERSON_RMS = 1_500.0
"""Of a question in the quiet: 27 dB below full scale."""
THINKS_S = 0.5
"""Before a question is asked."""
INTO_SPEECH_S = 1.2
"""After so long the person speaks over the answer."""

QUESTIONS = (
    "what is a muscle spasm",
    "why do muscles cramp",
    "who gets muscle cramps",
    "what helps a muscle cramp",
    "should i use heat or ice",
)

Samples = NDArray[np.int16]


class Over(Exception):  # noqa: N818 - no error: all has been said
    """The person has nothing more to say."""


@dataclass(frozen=True, eq=False)
class Command:
    """A word that is said over the assistant."""

    intent: str
    samples: Samples
    """16 kHz mono."""


@dataclass
class Person:
    """Asks a question whenever it is their turn, and says the next command into the answer."""

    card: SimulatedCard
    questions: Iterator[Samples]
    commands: Iterator[Command]
    rms: float
    """Of the commands."""
    acted_on: list[tuple[Command, bool]] = field(default_factory=list)
    cuts: int = 0
    happened: list[Happening] = field(default_factory=list)
    """All of it, in order."""
    _asked: bool = False
    _said: Command | None = None

    def notice(self, happening: Happening) -> None:
        """Do what follows from it. Raises Over."""
        self.happened.append(happening)
        if isinstance(happening, WasCut):
            self.cuts += 1
        elif isinstance(happening, Listening):
            self._note(False)
            self.card.say(next(self.questions), PERSON_RMS, THINKS_S)
            self._asked = True
        elif isinstance(happening, WasUnderstood) and self._said:
            self._note(happening.meaning.intent.value == self._said.intent)
        elif isinstance(happening, WasSaid) and self._asked:
            self._asked = False
            self._said = next(self.commands, None)
            if self._said is None:
                raise Over
            if len(self._said.samples):
                self.card.say(self._said.samples, self.rms, INTO_SPEECH_S)
            else:
                self._said = None

    def _note(self, right: bool) -> None:
        if self._said:
            self.acted_on.append((self._said, right))
        self._said = None


NOTHING = Command("none", np.zeros(0, np.int16))
"""The answer is listened to."""


def talk(
    card: SimulatedCard,
    recognizer: Recognizer,
    commands: Iterable[Command],
    speech_to_echo_db: float = 0.0,
) -> Person:
    """Have the conversation until all commands are said; what became of them."""
    settings = load_settings()
    voice = open_voice(settings)
    try:
        loudness = _rms(voice.render(QUESTIONS[0], settings.rate)) * (ECHO_GAIN if card.room else 1)
        rms = loudness * 10.0 ** (speech_to_echo_db / 20.0)
        person = Person(card, itertools.cycle(spoken(QUESTIONS)), iter(commands), rms)
        converse(card, person.notice, recognizer, voice)
    finally:
        voice.close()
    return person


def taking_turns(
    card: SimulatedCard,
    notice: Callable[[Happening], None],
    recognizer: Recognizer,
    voice: CachedVoice,
) -> TurnTaking:
    """The assistant's mouth and ear in the room of the card."""
    settings = load_settings()
    quiet = Sound(np.zeros(160, np.int16), SAMPLE_RATE)
    room = CardRoom(cast(SoundCard, card), quiet, Watchdog())
    ear = Ear(recognizer, VoiceActivity(), default_unfinished(settings.language).matches)
    speaker = Speaker(voice, room, settings.rate, notice)
    return TurnTaking(ear, speaker, room, notice)


def converse(
    card: SimulatedCard,
    notice: Callable[[Happening], None],
    recognizer: Recognizer,
    voice: CachedVoice,
    new_session: Callable[[], Session] | None = None,
    sleeper: Sleeper | None = None,
) -> None:
    """One conversation after the other, until ``notice`` raises Over."""
    floor = taking_turns(card, notice, recognizer, voice)
    begin = new_session or Conversations(load_settings()).next
    assistant = Assistant(begin, floor, notice, recognizer.name, sleeper)
    with suppress(Over):
        while True:
            assistant.run()


def spoken(texts: Iterable[str], name: str = PERSON_VOICE, rate_wpm: int = 150) -> list[Samples]:
    """The texts in a synthetic voice, 16 kHz."""
    voice = Pyttsx3Voice(name)
    try:
        return [resample(voice.render(text, rate_wpm), SAMPLE_RATE).samples for text in texts]
    finally:
        voice.close()


def _rms(sound: Sound) -> float:
    return voiced_rms(resample(sound, SAMPLE_RATE).samples.astype(np.float32))
