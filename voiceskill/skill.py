"""Puts the stages together from the settings: understanding, sessions, recogniser, voice, sound."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from voiceskill.content.labels import Urgency
from voiceskill.content.loader import default_content
from voiceskill.data_files import data_file
from voiceskill.dialogue.actions import Listen
from voiceskill.dialogue.session import Session
from voiceskill.dialogue.speech import Speech
from voiceskill.dialogue.state import State
from voiceskill.errors import BadInputError
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.nlu import Nlu
from voiceskill.settings import Settings
from voiceskill.stt.recognizer import Expect, Expectation

if TYPE_CHECKING:
    from voiceskill.stt.recognizer import Recognizer
    from voiceskill.tts.cache import CachedVoice


@lru_cache(maxsize=4)
def load_nlu(language: str = "en") -> Nlu:
    """The understanding of one language, read once."""
    content = default_content(language)
    levels = {label: symptom.level for label, symptom in content.symptoms.items()}
    return Nlu(load_nlu_content(data_file(f"prompts/{language}/nlu")), levels)


def new_session(settings: Settings) -> Session:
    """A fresh conversation in the language and region of the settings."""
    content = default_content(settings.language)
    if settings.region is not None and settings.region not in content.regions:
        known = ", ".join(sorted(content.regions))
        raise BadInputError(f"region '{settings.region}' is not known; use one of {known}")
    understand = load_nlu(settings.language).understand
    return Session(content, understand, region=settings.region, rate_wpm=settings.rate)


def emergency_sentences(settings: Settings) -> tuple[str, ...]:
    """The call for help, as it is spoken in the region of the settings."""
    content = default_content(settings.language)
    action = content.outcomes[Urgency.EMERGENCY].action
    return Speech(content, State(), settings.region).line("call", action).sentences


def opening_expectation(settings: Settings) -> Expectation:
    """What is listened for when nothing has been asked yet."""
    last = new_session(settings).start(0.0).actions[-1]
    return last.expectation if isinstance(last, Listen) else Expectation(Expect.OPEN)


def open_recognizer(settings: Settings) -> Recognizer:
    """The speech engine of the settings. Raises ModelError when it cannot be had."""
    from voiceskill.stt.engines import open_recognizer as open_engine

    return open_engine(settings.engine, settings.model)


def open_voice(settings: Settings) -> CachedVoice:
    """The assistant's voice, renderings kept. Raises VoiceError when it cannot be had."""
    from voiceskill.tts.voices import open_voice as open_named

    return open_named(settings.voice, cache=True)
