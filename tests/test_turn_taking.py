"""Who speaks when, in a simulated room with the real voice and the real recogniser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.audio.echo_rooms import ROOMS, EchoRoom
from tests.simulated_card import SimulatedCard
from tests.simulated_talk import PERSON_RMS, spoken, taking_turns
from voiceskill.dialogue.events import Heard
from voiceskill.happenings import Happening, WasCut, WasIgnored
from voiceskill.settings import load_settings
from voiceskill.skill import new_session, open_recognizer, open_voice
from voiceskill.stt.recognizer import Recognizer
from voiceskill.tts.cache import CachedVoice
from voiceskill.turn_taking import INTERRUPTED_LIMIT_S, MOST_IN_VAIN, TurnTaking

LONG = (
    "Sit down, straighten the leg, pull the toes slowly up toward the shin, and keep on "
    "breathing while you count to twenty, then let go and rest for a little while."
)
TALK = "the market was closed on tuesday so we bought tomatoes and bread in the other town"
INTO_IT_S = 0.8


@dataclass
class Talk:
    """The assistant's side of it, and somebody in the room."""

    card: SimulatedCard
    floor: TurnTaking
    told: list[Happening] = field(default_factory=list)

    def count(self, kind: type[Happening]) -> int:
        return sum(isinstance(happening, kind) for happening in self.told)


@pytest.fixture(scope="module")
def voice(canceller: None) -> Iterator[CachedVoice]:
    opened = open_voice(load_settings())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def recognizer() -> Iterator[Recognizer]:
    engine = open_recognizer(load_settings())
    yield engine
    engine.close()


def _talk(recognizer: Recognizer, voice: CachedVoice, room: EchoRoom | None = None) -> Talk:
    told: list[Happening] = []
    card = SimulatedCard(room)
    floor = taking_turns(card, told.append, recognizer, voice)
    floor.attend(new_session(load_settings()))
    floor.room.microphone.start()
    return Talk(card, floor, told)


def _cut_in_vain(recognizer: Recognizer, voice: CachedVoice, room: EchoRoom | None = None) -> Talk:
    """Where a television has cut the voice so often that only words do it now; it is off again."""
    talk = _talk(recognizer, voice, room)
    talk.card.say(_unbroken(TALK, 10), PERSON_RMS, INTO_IT_S)
    talk.floor.speak(LONG, "x")
    talk.card.microphone.person = np.zeros(0, np.float32)
    return talk


def _unbroken(text: str, times: int) -> np.ndarray:
    """Said again and again without a pause."""
    (samples,) = spoken([text], rate_wpm=180)
    loud = np.flatnonzero(np.abs(samples) > 300)
    return np.tile(samples[loud[0] : loud[-1]], times)


def test_a_television_cuts_a_sentence_twice_at_most(
    recognizer: Recognizer, voice: CachedVoice
) -> None:
    talk = _talk(recognizer, voice)
    talk.card.say(_unbroken(TALK, 10), PERSON_RMS, INTO_IT_S)

    assert talk.floor.speak(LONG, "x") is None

    assert talk.count(WasCut) == talk.count(WasIgnored) == MOST_IN_VAIN


@pytest.mark.slow
def test_unbroken_talk_holds_up_a_sentence_for_eight_seconds(
    recognizer: Recognizer, voice: CachedVoice
) -> None:
    talk = _talk(recognizer, voice)
    talk.card.say(_unbroken(TALK, 10), PERSON_RMS, INTO_IT_S)

    talk.floor.speak(LONG, "x")

    cut = next(happening for happening in talk.told if isinstance(happening, WasCut))
    ignored = next(happening for happening in talk.told if isinstance(happening, WasIgnored))
    assert ignored.at - cut.at == pytest.approx(INTERRUPTED_LIMIT_S, abs=1.0)


def test_stop_is_heard_where_nothing_else_cuts_the_voice_any_more(
    recognizer: Recognizer, voice: CachedVoice
) -> None:
    talk = _cut_in_vain(recognizer, voice)
    talk.card.say(spoken(["stop"])[0], PERSON_RMS, INTO_IT_S)

    event = talk.floor.speak(LONG, "x")

    # A rest of the own voice may come before it.
    assert isinstance(event, Heard)
    assert event.text.endswith("stop")
    assert talk.count(WasCut) == MOST_IN_VAIN + 1


@pytest.mark.slow
def test_where_only_words_cut_the_voice_its_own_are_none(
    recognizer: Recognizer, voice: CachedVoice
) -> None:
    talk = _cut_in_vain(recognizer, voice, ROOMS[2])
    cuts = talk.count(WasCut)
    assert cuts >= MOST_IN_VAIN

    assert talk.floor.speak("Stop, and let go slowly.", "x") is None

    assert talk.count(WasCut) == cuts


@pytest.mark.slow
def test_an_answer_that_begins_before_the_question_ends_is_heard_whole(
    recognizer: Recognizer, voice: CachedVoice
) -> None:
    question = "Is your leg swollen or warm?"
    seconds = voice.render(question, load_settings().rate).seconds
    talk = _cut_in_vain(recognizer, voice)
    talk.card.say(spoken(["no, it isn't"])[0], PERSON_RMS, seconds - 0.2)

    event = talk.floor.speak(question, "x", ends_reply=True)

    assert isinstance(event, Heard)
    assert event.text.endswith("no it isn't")
