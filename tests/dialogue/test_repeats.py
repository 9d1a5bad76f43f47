"""Help for the same cramp twice in a day: one level higher (clinical sheet, 3.6)."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk
from voiceskill.content.labels import BodyPart, Urgency

CALF = frozenset({BodyPart.CALF})


def _to_the_outcome(talk: Talk, opening: str, has: str = "") -> Urgency | None:
    """The level for a person without any sign, or with that of the question that holds ``has``."""
    talk.say(opening)
    for _ in range(40):
        status = talk.reply.status
        if status.asks:
            asserts = status.asks_if or "yes"
            denies = "no" if asserts == "yes" else "yes"
            talk.say(asserts if has and has in talk.said[-1] else denies)
        elif status.mode == "stretch":
            talk.say("better")
        else:
            break
    return talk.reply.status.urgency


def test_asked_for_the_first_time_it_is_self_care() -> None:
    assert _to_the_outcome(Talk(), "my calf is cramping") is Urgency.SELF_CARE


def test_asked_for_again_within_the_day_it_is_an_appointment() -> None:
    talk = Talk(sought_before=CALF)
    assert _to_the_outcome(talk, "my calf is cramping") is Urgency.APPOINTMENT
    assert "The same cramp more than once in a day should be looked at." in talk.said


def test_an_appointment_becomes_the_doctor_today() -> None:
    talk = Talk(sought_before=CALF)
    assert _to_the_outcome(talk, "my calf is cramping", "tingling") is Urgency.DOCTOR_NOW


def test_another_muscle_is_another_cramp() -> None:
    talk = Talk(sought_before=CALF)
    assert _to_the_outcome(talk, "my hand is cramping") is Urgency.SELF_CARE


@pytest.mark.parametrize(
    "words", ["it's back again", "my calf is cramping again", "the cramp came back"]
)
def test_back_after_the_outcome_it_is_raised(words: str) -> None:
    talk = Talk()
    assert _to_the_outcome(talk, "my calf is cramping") is Urgency.SELF_CARE
    assert _to_the_outcome(talk, words) is Urgency.APPOINTMENT


@pytest.mark.parametrize(
    "opening",
    [
        "this is the third time today my calf cramps",
        "my calf is cramping for the second time today",
        "my calf cramped twice today",
    ],
)
def test_said_by_the_person_it_is_raised_and_helped_first(opening: str) -> None:
    talk = Talk()
    talk.say(opening)
    if "where" in talk.prompts:
        talk.say("my calf")
    assert talk.reply.status.asks
    urgency = _to_the_outcome(talk, "no")
    assert urgency is not None
    assert urgency.rank >= Urgency.APPOINTMENT.rank


def test_only_a_sign_of_an_emergency_makes_it_one() -> None:
    talk = Talk(sought_before=CALF)
    assert _to_the_outcome(talk, "my calf is cramping", "swollen") is Urgency.DOCTOR_NOW


def test_a_conversation_tells_what_it_was_about() -> None:
    talk = Talk()
    talk.say("what is a cramp")
    assert talk.session.sought == frozenset()
    talk.say("my calf is cramping")
    assert talk.session.sought == CALF
