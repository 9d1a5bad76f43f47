"""Who speaks when, in a simulated room with the real voice and the real recogniser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.audio.echo_rooms import ROOMS, EchoRoom
from tests.simulated_card import LATENCY_S, SimulatedCard
from tests.simulated_talk import PERSON_RMS, spoken, taking_turns
from tests.stt.tape import Tape
from voiceskill.attention import DEAD_S
from voiceskill.audio.sound import Sound
from voiceskill.dialogue.actions import Adjust
from voiceskill.dialogue.events import Heard
from voiceskill.errors import RecognizerError, VoiceError
from voiceskill.happenings import Happening, Trouble, WasCut, WasIgnored, WasSaid
from voiceskill.settings import load_settings
from voiceskill.skill import new_session, open_recognizer, open_voice
from voiceskill.speaker import SENTENCE_GAP_S
from voiceskill.stt.recognizer import Expect, Expectation, Final, Recognizer
from voiceskill.tts.cache import CachedVoice
from voiceskill.turn_taking import (
    ECHO_TAIL_S,
    INTERRUPTED_LIMIT_S,
    MOST_IN_VAIN,
    TurnTaking,
)

QUESTION = "Is your leg swollen or warm?"
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

    @property
    def said(self) -> list[str]:
        """The prompts, one for each sentence."""
        return [happening.prompt for happening in self.told if isinstance(happening, WasSaid)]

    @property
    def troubles(self) -> list[Trouble]:
        return [happening for happening in self.told if isinstance(happening, Trouble)]


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
    seconds = voice.render(QUESTION, load_settings().rate).seconds
    talk = _cut_in_vain(recognizer, voice)
    talk.card.say(spoken(["no, it isn't"])[0], PERSON_RMS, seconds - 0.2)

    event = talk.floor.speak(QUESTION, "x", ends_reply=True)

    assert isinstance(event, Heard)
    assert event.text.endswith("no it isn't")


def test_an_answer_is_heard_that_goes_on_long_after_the_question(voice: CachedVoice) -> None:
    """Where only words cut the voice, and nobody waits for its end."""
    talk = _cut_in_vain(Tape(), voice)
    seconds = voice.render(QUESTION, load_settings().rate).seconds
    talk.card.say(_unbroken(TALK, 1), PERSON_RMS, seconds - 0.2)

    assert talk.floor.speak(QUESTION, "x", ends_reply=True) == Heard("said")


def test_a_word_that_begins_while_the_echo_fades_is_heard_from_its_beginning(
    voice: CachedVoice,
) -> None:
    tape = Tape()
    talk = _talk(tape, voice)
    seconds = voice.render(QUESTION, load_settings().rate).seconds + SENTENCE_GAP_S
    (no,) = spoken(["no"])
    begins_s = seconds + LATENCY_S + ECHO_TAIL_S - 0.06
    talk.card.say(no[np.flatnonzero(np.abs(no) > 300)[0] :], PERSON_RMS, begins_s)

    assert talk.floor.speak(QUESTION, "x", ends_reply=True) is None
    talk.floor.hear(Expectation(Expect.YES_NO), 2.0)

    assert tape.utterances[0][0] <= begins_s


class BrokenEngine(Tape):
    """A stand-in: no real engine fails when asked to."""

    def finish(self) -> Final:
        raise RecognizerError("out of memory")


def test_who_spoke_when_the_engine_failed_is_asked_to_say_it_again_and_the_sentence_goes_on(
    voice: CachedVoice,
) -> None:
    talk = _talk(BrokenEngine(), voice)
    talk.card.say(_unbroken(TALK, 10), PERSON_RMS, INTO_IT_S)

    assert talk.floor.speak(LONG, "x") is None

    assert talk.said == ["x", "not_heard", "not_heard"]


class TestWithoutARenderer:
    """Which a full disk makes of it, or a process that cannot be started."""

    @pytest.fixture
    def talk(self, voice: CachedVoice, monkeypatch: pytest.MonkeyPatch) -> Talk:
        render = voice.render
        for text in ("My voice failed, so some words are missing.", "Call 911 now."):
            render(text, load_settings().rate)
        render("Say repeat, or look at the screen.", load_settings().rate)

        def kept_only(text: str, rate_wpm: int) -> Sound:
            if not voice.cached(text, rate_wpm):
                raise VoiceError("the disk is full")
            return render(text, rate_wpm)

        monkeypatch.setattr(voice, "render", kept_only)
        return _talk(Tape(), voice)

    def test_it_is_said_once_a_turn_that_words_are_missing(self, talk: Talk) -> None:
        for _ in range(2):
            talk.floor.speak("Nobody ever said this.", "x")
            talk.floor.speak("Nor this.", "x")
            talk.floor.hear(Expectation(Expect.COMMAND), 0.1)

        assert talk.said == ["x", "words_missing", "words_missing", "x"] * 2
        assert talk.count(Trouble) == 4

    def test_the_call_for_help_is_said_at_whatever_rate_it_is_kept(self, talk: Talk) -> None:
        talk.floor.speaker.adjust(Adjust(rate_wpm=120))

        talk.floor.speak("Call 911 now.", "x")

        assert talk.count(Trouble) == 0
        assert talk.card.loudspeaker.position > 1.0


def test_a_voice_that_is_slow_is_told_of_once(
    voice: CachedVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = voice.render

    def render_slowly(text: str, rate_wpm: int) -> Sound:
        time.sleep(2.5)
        return render(text, rate_wpm)

    monkeypatch.setattr(voice, "render", render_slowly)
    monkeypatch.setattr(voice, "cached", lambda text, rate_wpm: False)
    talk = _talk(Tape(), voice)

    talk.floor.speak("It takes its time to say this.", "x")

    assert [trouble.message for trouble in talk.troubles] == ["The voice is slow."]


def test_a_microphone_without_any_sound_is_shown_once(voice: CachedVoice) -> None:
    talk = _talk(Tape(), voice)
    talk.card.microphone.dead_s = DEAD_S

    talk.floor.hear(Expectation(Expect.OPEN), 1.0)
    talk.floor.hear(Expectation(Expect.OPEN), 1.0)

    assert talk.floor.hears_nothing
    assert len(talk.troubles) == 1
    assert "muted" in talk.troubles[0].message


def test_lost_sound_is_told_and_not_again_within_a_minute(
    voice: CachedVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voiceskill.attention.LOSS_EVERY_S", 2.0)
    talk = _talk(Tape(), voice)

    for losses in (0, 1, 1, 3, 0, 0, 0, 0, 0, 0):
        talk.card.microphone.overflows += losses
        talk.floor.hear(Expectation(Expect.COMMAND), 0.5)

    # At once; and when the minute was over, what had been lost in it.
    told_at = [trouble.at for trouble in talk.troubles]
    assert told_at == [pytest.approx(0.5, abs=0.1), pytest.approx(2.5, abs=0.1)]
