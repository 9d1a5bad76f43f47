"""Left, right, both, the other one: the steps name the side, and each side is cleared of danger."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk
from voiceskill.content.labels import Side, Symptom


def _stretching(*opening: str) -> Talk:
    talk = Talk()
    for text in opening:
        talk.say(text)
    while talk.reply.status.asks:
        talk.say("no")
    assert talk.reply.status.mode == "stretch"
    return talk


def test_the_side_that_was_said_is_named_in_the_steps() -> None:
    talk = _stretching("my left calf is cramping")
    assert "Straighten your left leg as far as it will go in comfort." in talk.said
    assert talk.reply.status.side is Side.LEFT


def test_without_a_side_the_steps_name_none() -> None:
    talk = _stretching("my calf is cramping")
    assert "Straighten the cramped leg as far as it will go in comfort." in talk.said
    assert talk.reply.status.side is None


def test_a_side_said_in_the_middle_is_used_from_then_on() -> None:
    talk = _stretching("my calf is cramping")
    talk.say("it's my right leg")
    assert "Straighten your right leg as far as it will go in comfort." in talk.said


@pytest.mark.parametrize(
    "words",
    [
        "now the other side",
        "other leg",
        "do the other leg too",
        "switch sides",
        "and the other side",
    ],
)
@pytest.mark.parametrize(
    ("opening", "step"), [("my left calf is cramping", "your right"), ("calf cramp", "the other")]
)
def test_the_other_side_is_asked_about_before_it_is_stretched(
    opening: str, step: str, words: str
) -> None:
    talk = _stretching(opening)
    first = talk.reply.status.topic

    talk.say(words)

    assert Symptom.SWELLING in talk.reply.status.asks
    while talk.reply.status.asks:
        talk.say("no")
    assert talk.reply.status.topic == first
    assert f"Straighten {step} leg as far as it will go in comfort." in talk.said


def test_another_side_of_the_same_muscle_is_cleared_anew_after_the_first_is_over() -> None:
    talk = _stretching("my left calf is cramping")
    talk.say("stop")
    talk.say("now my right calf is cramping")
    assert Symptom.SWELLING in talk.reply.status.asks


def test_where_both_cramp_the_other_is_offered_once_one_has_eased() -> None:
    talk = _stretching("both my calves are cramping")
    talk.say("it's better")
    assert talk.said[-1] == "Shall we do the other side as well?"
    talk.say("yes")
    while talk.reply.status.asks:
        talk.say("no")
    assert talk.reply.status.mode == "stretch"
    talk.say("it's better")
    assert talk.reply.status.mode == "triage"


@pytest.mark.parametrize("answers", [["no"], ["it's better"], ["", ""], ["blue", "blue"]])
def test_where_both_cramp_one_side_may_be_enough(answers: list[str]) -> None:
    talk = _stretching("both my calves are cramping")
    talk.say("it's better")
    for answer in answers:
        assert talk.said[-1].endswith("?")
        talk.say(answer)
    assert talk.reply.status.mode == "triage"


def test_swelling_of_the_other_side_stops_it() -> None:
    talk = _stretching("my left calf is cramping")
    talk.say("other leg")
    talk.say("yes it is swollen")
    assert talk.reply.status.mode != "stretch"
    assert "See a doctor today, and do not wait." in talk.said


def test_a_side_in_an_answer_is_a_comparison() -> None:
    talk = Talk()
    talk.say("my left calf is cramping")
    talk.say("no")
    talk.say("no, the right one is the same")
    while talk.reply.status.asks:
        talk.say("no")
    assert "Straighten your left leg as far as it will go in comfort." in talk.said


def test_in_a_routine_for_both_the_other_side_is_its_next_step() -> None:
    talk = _stretching("give me a bedtime stretch")
    talk.say("next")
    talk.say("now the other side")
    assert talk.reply.status.topic == "R28"
    assert talk.reply.status.mode == "stretch"


def test_another_muscle_has_no_side_until_it_is_said() -> None:
    talk = _stretching("my left calf is cramping")
    talk.say("now my hand is cramping")
    while talk.reply.status.asks:
        talk.say("no")
    assert "Rest the cramped hand on your lap." in talk.said
