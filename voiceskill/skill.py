"""Puts the stages together from the settings: understanding, sessions, recogniser, voice, sound."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from voiceskill.call_log import CallLog, call_log_file
from voiceskill.content.labels import BodyPart, Urgency
from voiceskill.content.loader import default_content
from voiceskill.dialogue.actions import Listen
from voiceskill.dialogue.session import Session
from voiceskill.dialogue.speech import Speech
from voiceskill.dialogue.state import State
from voiceskill.errors import BadInputError
from voiceskill.settings import Settings
from voiceskill.stt.recognizer import Expect, Expectation
from voiceskill.understanding import load_nlu

if TYPE_CHECKING:
    from voiceskill.stt.recognizer import Recognizer
    from voiceskill.tts.cache import CachedVoice


def new_session(
    settings: Settings,
    *,
    region: str | None = None,
    sought_before: frozenset[BodyPart] = frozenset(),
) -> Session:
    """A fresh conversation in the language and region of the settings, or in ``region``;
    ``sought_before`` as in ``Session``."""
    content = default_content(settings.language)
    if settings.region is not None and settings.region not in content.regions:
        known = ", ".join(sorted(content.regions))
        raise BadInputError(f"region '{settings.region}' is not known; use one of {known}")
    understand = load_nlu(settings.language).understand
    return Session(
        content,
        understand,
        region=region or settings.region,
        rate_wpm=settings.rate,
        sought_before=sought_before,
    )


class Conversations:
    """The conversations of one person, one after the other: a later one knows of earlier ones."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._log = CallLog(call_log_file() if settings.remember else None)
        if not settings.remember:
            # Whoever turns it off wants it gone.
            with suppress(OSError):
                call_log_file().unlink(missing_ok=True)
        self._session: Session | None = None

    def next(self) -> Session:
        """A fresh conversation, which knows the country that was said, and what was asked about
        within a day."""
        self.close()
        before = self._log.within_a_day(time.time())
        region = self._session.region if self._session else None
        self._session = new_session(self._settings, region=region, sought_before=before)
        return self._session

    def close(self) -> None:
        """Remember what the last conversation was about."""
        if self._session:
            self._log.note(self._session.sought, time.time())


def emergency_sentences(settings: Settings) -> tuple[str, ...]:
    """The call for help, as it is spoken in the region of the settings."""
    content = default_content(settings.language)
    action = content.outcomes[Urgency.EMERGENCY].action
    return Speech(content, State(region=settings.region)).line("call", action).sentences


def opening_expectation(settings: Settings) -> Expectation:
    """What is listened for when nothing has been asked yet."""
    last = new_session(settings).start(0.0).actions[-1]
    return last.expectation if isinstance(last, Listen) else Expectation(Expect.OPEN)


def open_recognizer(settings: Settings) -> Recognizer:
    """The speech engine of the settings. Raises ModelError when it cannot be had."""
    from voiceskill.stt.engines import open_recognizer as open_engine

    return open_engine(settings.engine, settings.model)


def open_voice(settings: Settings, tell: Callable[[str], None] | None = None) -> CachedVoice:
    """The assistant's voice, renderings kept; ``tell`` gets when it failed and was started anew.
    Raises VoiceError when it cannot be had."""
    from voiceskill.tts.voices import open_voice as open_named

    return open_named(settings.voice, cache=True, tell=tell)
