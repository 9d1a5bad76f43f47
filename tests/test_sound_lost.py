"""The whole assistant when it loses its sound, and when it is spoken to in a hold. What was said
over "The sound was gone" cut the voice and was thrown away, were it "stop" or a call for help; a
hold was counted from before its step was spoken, so that a word in it cost more than its seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.dialogue.talk import TO_THE_HOLD, content, understand
from tests.simulated_card import SimulatedCard
from tests.simulated_talk import PERSON_RMS, Over, Samples, converse, spoken
from voiceskill.attention import DEAD_S
from voiceskill.content.waking import default_waking
from voiceskill.dialogue.actions import Reply
from voiceskill.dialogue.events import Heard
from voiceskill.dialogue.session import Session
from voiceskill.errors import AudioError, RecognizerError
from voiceskill.happenings import (
    FellAsleep,
    Happening,
    Listening,
    UrgencyRose,
    WasIgnored,
    WasSaid,
    WokeUp,
)
from voiceskill.settings import load_settings
from voiceskill.skill import open_voice
from voiceskill.stt.recognizer import Expect, Expectation, Final
from voiceskill.stt.whisper_engine import WhisperRecognizer
from voiceskill.tts.cache import CachedVoice
from voiceskill.waking import Sleeper

STEP = "Keep your toes pulled up, and breathe."
COUNTS = ["Five.", "Ten.", "Fifteen.", "Twenty."]
NOTICE = "The sound was gone."
DEAF = "I can't hear you."
WAKE_PHRASE = "hey coach"
VOICE = "en-us+f2"

OVER_VOICE_RMS = 2.0 * PERSON_RMS
QUIET_DB = -20.0
"""Of the loudspeaker: an echo canceller that has just begun anew hears few over a loud one."""
INTO_SPEECH_S = 0.3
AFTER_A_COUNT_S = 2.0
AFTER_THE_NOTICE_S = 5.0
LIMIT_S = 90.0
"""Of sound, after which a script is not going to happen any more."""


class AtTheHold(Session):
    """A conversation that begins where the calf stretch is held for twenty seconds."""

    def __init__(self) -> None:
        super().__init__(content(), understand)
        for text in TO_THE_HOLD:
            self.handle(Heard(text), 0.0)

    def start(self, now: float) -> Reply:
        return self.handle(Heard("next"), now)


class Attentive(WhisperRecognizer):
    """The real one; knows what was expected when the last utterance began."""

    expected = awaited = Expectation(Expect.OPEN)

    def expect(self, expectation: Expectation) -> None:
        self.awaited = expectation
        super().expect(expectation)

    def begin(self, at: float) -> None:
        self.expected = self.awaited
        super().begin(at)


Script = Iterator[tuple[type[Happening], str]]
"""Yields what to wait for, a kind of happening and its text, and does something then."""


class Scene:
    """A simulated room, played from the first line of a script to the last."""

    def __init__(self, recognizer: Attentive, voice: CachedVoice) -> None:
        self.card = SimulatedCard()
        self.card.loudspeaker.gain_db = QUIET_DB
        self._read = self.card.microphone.read
        self.card.microphone.read = self._read_in_time  # type: ignore[method-assign]
        self.recognizer = recognizer
        self.happened: list[Happening] = []
        self._voice = voice

    def play(
        self,
        script: Script,
        new_session: Callable[[], Session] | None = None,
        sleeper: Sleeper | None = None,
    ) -> None:
        """Converse until all of the script has happened."""
        self._script, self._awaited = script, next(script)
        converse(self.card, self._notice, self.recognizer, self._voice, new_session, sleeper)

    def lose_sound(self) -> None:
        """The next frame does not come."""
        self.card.microphone.lost = AudioError("The microphone is gone: the test took it.")

    @property
    def said(self) -> list[str]:
        """All sentences and counts so far."""
        return [event.text for event in self.happened if isinstance(event, WasSaid)]

    @property
    def counted(self) -> list[str]:
        """The counts among them."""
        return [text for text in self.said if text in COUNTS]

    def _read_in_time(self, timeout_s: float) -> bytes:
        assert self.card.microphone.position_s < LIMIT_S, f"nothing like {self._awaited}"
        return self._read(timeout_s)

    def _notice(self, happening: Happening) -> None:
        self.happened.append(happening)
        kind, text = self._awaited
        if isinstance(happening, kind) and text in getattr(happening, "text", ""):
            awaited = next(self._script, None)
            if awaited is None:
                raise Over
            self._awaited = awaited


@pytest.fixture(scope="module")
def words() -> dict[str, Samples]:
    texts = ("please stop", "louder", "i can't breathe", "what a lovely day", "help me")
    return dict(zip(texts, spoken(texts, VOICE), strict=True))


@pytest.fixture
def scene(canceller: None) -> Iterator[Scene]:
    recognizer, voice = Attentive(), open_voice(load_settings())
    yield Scene(recognizer, voice)
    voice.close()
    recognizer.close()


@pytest.fixture
def sleeper(scene: Scene) -> Sleeper:
    return Sleeper(scene.recognizer, default_waking(), understand, WAKE_PHRASE)


def said_over_the_notice(scene: Scene, samples: Samples) -> Script:
    """Sound is lost, and comes back; somebody speaks while it says so."""
    scene.lose_sound()
    yield WasSaid, NOTICE
    scene.card.say(samples, OVER_VOICE_RMS, INTO_SPEECH_S)


def test_a_word_in_a_hold_makes_the_count_go_on_where_it_was(
    scene: Scene, words: dict[str, Samples]
) -> None:
    def script() -> Script:
        yield WasSaid, "Five."
        scene.card.say(words["louder"], PERSON_RMS, AFTER_A_COUNT_S)
        yield WasSaid, "Twenty."

    scene.play(script(), AtTheHold)

    assert scene.said.count(STEP) == 2
    assert scene.counted == COUNTS


def test_a_hold_goes_on_where_the_sound_was_lost(scene: Scene) -> None:
    def script() -> Script:
        yield WasSaid, "Ten."
        scene.lose_sound()
        yield WasSaid, "Twenty."

    scene.play(script(), AtTheHold)

    assert NOTICE in scene.said
    assert scene.said.count(STEP) == 2
    assert scene.counted == COUNTS


def test_a_stop_over_the_notice_of_a_loss_stops_the_stretch(
    scene: Scene, words: dict[str, Samples]
) -> None:
    def script() -> Script:
        yield WasSaid, "Five."
        yield from said_over_the_notice(scene, words["please stop"])
        yield Listening, ""

    scene.play(script(), AtTheHold)

    assert [event.prompt for event in scene.happened if isinstance(event, WasSaid)][-1] == (
        "stretch_stopped"
    )
    assert scene.said.count(STEP) == 1


def test_a_call_for_help_over_the_notice_is_answered(
    scene: Scene, words: dict[str, Samples]
) -> None:
    def script() -> Script:
        yield Listening, ""
        yield from said_over_the_notice(scene, words["i can't breathe"])
        yield Listening, ""

    scene.play(script())

    assert [event.urgency for event in scene.happened if isinstance(event, UrgencyRose)] == [
        "emergency"
    ]


def test_a_call_for_help_over_the_notice_wakes_who_sleeps(
    scene: Scene, sleeper: Sleeper, words: dict[str, Samples]
) -> None:
    def script() -> Script:
        yield FellAsleep, ""
        yield from said_over_the_notice(scene, words["i can't breathe"])
        yield WokeUp, "breathe"
        yield UrgencyRose, ""

    scene.play(script(), sleeper=sleeper)

    assert scene.happened[-1].as_json()["urgency"] == "emergency"


def test_other_talk_over_the_notice_leaves_it_asleep_with_an_ear_for_the_wake_phrase(
    scene: Scene, sleeper: Sleeper, words: dict[str, Samples]
) -> None:
    def script() -> Script:
        yield FellAsleep, ""
        yield from said_over_the_notice(scene, words["what a lovely day"])
        yield WasIgnored, ""
        scene.card.say(words["help me"], PERSON_RMS, AFTER_THE_NOTICE_S)
        yield WokeUp, ""

    scene.play(script(), sleeper=sleeper)

    assert WAKE_PHRASE in scene.recognizer.expected.phrases


def test_who_is_waited_for_with_a_dead_microphone_is_told_so_once(scene: Scene) -> None:
    def script() -> Script:
        yield Listening, ""
        scene.card.microphone.dead_s = DEAD_S
        yield WasSaid, DEAF
        yield Listening, ""
        yield Listening, ""

    scene.play(script())

    assert scene.said.count(DEAF) == 1


def test_a_call_that_the_engine_lost_is_asked_for_again(
    scene: Scene, words: dict[str, Samples]
) -> None:
    def script() -> Script:
        yield FellAsleep, ""
        scene.card.say(words["help me"], PERSON_RMS, INTO_SPEECH_S)
        yield WasSaid, "I missed that."
        scene.card.say(words["help me"], PERSON_RMS, AFTER_THE_NOTICE_S)
        yield WokeUp, "help"

    class Forgetful(Attentive):
        """A stand-in: no real engine fails when asked to."""

        has_failed = False

        def peek(self) -> Final:
            if not Forgetful.has_failed:
                Forgetful.has_failed = True
                raise RecognizerError("out of memory")
            return super().peek()

    engine = Forgetful()
    try:
        scene.recognizer = engine
        scene.play(script(), sleeper=Sleeper(engine, default_waking(), understand, WAKE_PHRASE))
    finally:
        engine.close()

    assert isinstance(scene.happened[-1], WokeUp)


def test_an_assistant_that_sleeps_waits_for_a_microphone_that_is_not_there_yet(
    scene: Scene, sleeper: Sleeper
) -> None:
    """Nobody reads a screen then; a supervisor would start it anew again and again."""

    def is_missing() -> None:
        del scene.card.microphone.start
        raise AudioError("No microphone was found.")

    def script() -> Script:
        yield WasSaid, NOTICE
        scene.card.say(spoken(["help me"], VOICE)[0], PERSON_RMS, AFTER_THE_NOTICE_S)
        yield WokeUp, "help"

    scene.card.microphone.start = is_missing  # type: ignore[method-assign]

    scene.play(script(), sleeper=sleeper)

    assert isinstance(scene.happened[-1], WokeUp)


def test_without_a_microphone_a_person_at_the_screen_is_told_at_once(scene: Scene) -> None:
    def is_missing() -> None:
        raise AudioError("No microphone was found.")

    scene.card.microphone.start = is_missing  # type: ignore[method-assign]

    with pytest.raises(AudioError, match="No microphone"):
        scene.play(iter([(WasSaid, "never")]))
