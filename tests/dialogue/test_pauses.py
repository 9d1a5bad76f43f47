"""A pause lasts until somebody says to go on. Once any remark ended it: "thank you" was answered,
and the leg that had just been let go was held again."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk, in_the_hold
from voiceskill.dialogue.actions import Hold, Listen
from voiceskill.dialogue.events import Heard, Silence
from voiceskill.dialogue.turn import PAUSE_S

REMINDER = "We are paused."


@pytest.fixture
def paused() -> Talk:
    """A calf stretch, paused with twelve seconds of its hold left."""
    talk = in_the_hold()
    talk.happen(Heard("pause"), seconds=8)
    assert _is_paused(talk)
    return talk


def _is_paused(talk: Talk) -> bool:
    waits = talk.reply.actions[-1]
    return isinstance(waits, Listen) and waits.timeout_s == PAUSE_S


@pytest.mark.parametrize(
    ("says", "first"),
    [
        ("how long left", "Twelve seconds left."),
        ("thank you", "You are welcome."),
        ("why do muscles cramp", "Spasms often come from stress, exercise, or a lack of water."),
        ("ow my calf", "Ease off a little."),
        ("my foot tingles", "I have noted that."),
        ("louder", REMINDER),
        ("help", REMINDER),
        ("okay", REMINDER),
        ("it's raining again", REMINDER),
        ("i don't know", REMINDER),
        ("wait", "Okay, take your time."),
        ("don't start yet", "Okay, take your time."),
    ],
)
def test_a_remark_is_answered_and_the_pause_goes_on(says: str, first: str, paused: Talk) -> None:
    paused.say(says)
    assert paused.said[0] == first
    assert _is_paused(paused)

    paused.say("resume", hold=False)
    hold = paused.reply.actions[-1]
    assert isinstance(hold, Hold)
    assert hold.seconds == pytest.approx(12)


@pytest.mark.parametrize(
    "says",
    ["no", "not yet", "wait", "yes", "i'm here", "hello", "not ready to go on", "i can't continue"],
)
def test_who_is_still_there_is_still_paused(says: str, paused: Talk) -> None:
    paused.happen(Silence(), seconds=PAUSE_S)
    assert paused.said[-1] == "Are you still there?"
    paused.say(says)
    assert _is_paused(paused)
    assert paused.reply.status.step == 5


@pytest.mark.parametrize(
    "says", ["resume", "carry on", "i'm back", "i'm ready", "next", "yes resume", "yes go on"]
)
def test_who_wants_to_go_on_goes_on(says: str, paused: Talk) -> None:
    paused.say(says, hold=False)
    assert isinstance(paused.reply.actions[-1], Hold)


@pytest.mark.parametrize(
    ("says", "prompt"),
    [
        ("it hurts more", "stretch_stop_worse"),
        ("sharp pain", "stretch_stop_worse"),
        ("something popped", "stretch_stop_now"),
        ("it's swollen", "stretch_stop_now"),
        ("my hand is cramping", "switch_part"),
        ("i'd rather sit on a chair", "switch_position"),
        ("it's gone", "glad_better"),
        ("stop", "stretch_stopped"),
    ],
)
def test_what_ends_a_stretch_ends_it_in_a_pause_too(says: str, prompt: str, paused: Talk) -> None:
    paused.say(says)
    assert paused.prompts[0] == prompt
    assert not _is_paused(paused)


def test_danger_in_a_pause_is_an_emergency(paused: Talk) -> None:
    paused.say("i can't breathe")
    assert paused.reply.status.topic == "emergency"


def test_a_no_in_a_pause_answers_no_question_about_danger() -> None:
    talk = Talk()
    talk.say("my calf is cramping")
    asked = talk.reply.status.asks
    talk.say("wait a minute")
    talk.say("no")
    assert _is_paused(talk)
    talk.say("resume")
    assert talk.reply.status.asks == asked


def test_an_answer_is_mended_in_a_pause() -> None:
    talk = Talk()
    talk.say("my calf is cramping")
    talk.say("no")
    talk.say("wait a minute")
    talk.say("i meant yes")
    assert talk.reply.status.topic == "emergency"
