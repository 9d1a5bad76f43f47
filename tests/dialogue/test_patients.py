"""Patients who answer what is asked: nobody ends below the level that their sign calls for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import pytest

from tests.dialogue.talk import Talk, content
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.dialogue.actions import Status

LONGEST = 60
"""Turns after which a conversation counts as going round in circles."""

OPENINGS = ("my calf is cramping", "can you check my leg", "i have a spasm in my back")
LEVELS = {label: item.level for label, item in content().symptoms.items() if item.level}
ASKED = {symptom for question in content().questions.values() for symptom in question.asserts}


def _answer(status: Status, has: AbstractSet[Symptom]) -> str:
    if status.asks:
        asserting = status.asks_if or "yes"
        other = "no" if asserting == "yes" else "yes"
        return asserting if has & set(status.asks) else other
    if status.mode == "triage":
        return "no"
    if status.mode == "stretch":
        return "yes" if status.step == status.steps else "next"
    return "no"


def _visit(opening: str, has: AbstractSet[Symptom]) -> tuple[Talk, set[Symptom]]:
    """The conversation until an outcome, and the symptoms that were asked about in it."""
    talk = Talk()
    asked: set[Symptom] = set()
    talk.say(opening)
    for _ in range(LONGEST):
        status = talk.reply.status
        asked.update(status.asks)
        if status.mode == "idle" or status.topic == "emergency" or status.ended:
            return talk, asked
        talk.say(_answer(status, has))
    raise AssertionError(f"no outcome after {LONGEST} turns: {talk.said}")


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("symptom", sorted(LEVELS), ids=lambda item: item.value)
def test_a_patient_with_one_sign_ends_at_its_level(opening: str, symptom: Symptom) -> None:
    talk, asked = _visit(opening, {symptom})
    urgency = talk.reply.status.urgency
    assert urgency is not None
    if symptom in asked:
        assert urgency.rank >= LEVELS[symptom].rank


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_patient_with_nothing_ends_in_self_care(opening: str) -> None:
    talk, _ = _visit(opening, frozenset())
    assert talk.reply.status.urgency is Urgency.SELF_CARE


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("symptom", sorted(LEVELS), ids=lambda item: item.value)
def test_an_emergency_behind_another_sign_is_not_missed(opening: str, symptom: Symptom) -> None:
    talk, asked = _visit(opening, {symptom, Symptom.BREATHING_TROUBLE})
    urgency = talk.reply.status.urgency
    assert urgency is not None
    if Symptom.BREATHING_TROUBLE in asked:
        assert urgency is Urgency.EMERGENCY


def test_the_eight_signs_of_the_article_are_asked_before_self_care() -> None:
    signs = {
        Symptom.SEVERE_PAIN,
        Symptom.SWELLING,
        Symptom.REDNESS,
        Symptom.SKIN_CHANGE,
        Symptom.WEAKNESS,
        Symptom.FREQUENT_SPASMS,
        Symptom.UNKNOWN_CAUSE,
        Symptom.SELF_CARE_FAILED,
    }
    for opening in OPENINGS:
        _, asked = _visit(opening, frozenset())
        assert signs <= asked


def test_a_plain_calf_cramp_needs_at_most_three_questions_before_the_first_step() -> None:
    talk = Talk()
    talk.say("my calf is cramping")
    questions = 0
    while talk.reply.status.mode != "stretch":
        questions += 1
        talk.say("no")
    assert questions <= 3


@pytest.mark.parametrize("opening", ["not sure", ""])
def test_unsure_or_silent_patients_never_end_in_self_care(opening: str) -> None:
    talk = Talk()
    talk.say("can you check my leg")
    while talk.reply.status.asks:
        talk.say(opening)
    assert talk.reply.status.urgency is Urgency.EMERGENCY
