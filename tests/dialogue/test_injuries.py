"""What is hurt or was operated on of late is never stretched, however it comes to be known."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk, content
from voiceskill.content.labels import BodyPart, Symptom, Urgency

SAID = (
    "i fell off my bike and my thigh is cramping",
    "hey i came off my bike and my thigh is cramping really bad",
    "i felt a snap in my calf and now it cramps",
    "i had knee surgery last week and my calf is cramping",
    "my calf cramps since the operation",
    "i just had a hip replacement and my thigh is in spasm",
    "my leg is in a cast and my calf is cramping",
    "i twisted my ankle and my calf is cramping",
    "i tore my hamstring and it is in spasm",
)
NOT_SAID = (
    "i haven't had an operation recently but my calf is cramping",
    "my hip was replaced ten years ago and now my calf is cramping",
    "my calf is cramping",
    "i fell asleep and woke with a cramp in my calf",
    "i had a knee operation years ago and now my calf is cramping",
)


@pytest.mark.parametrize("says", SAID)
def test_said_with_the_cramp_it_prevents_the_stretch(says: str) -> None:
    talk = Talk()
    talk.say(says)
    assert talk.reply.status.urgency is Urgency.DOCTOR_NOW
    for _ in range(8):
        assert talk.reply.status.mode != "stretch", says
        talk.say("no")


@pytest.mark.parametrize("says", ["i fell on it", "it was operated on last week", "i heard a snap"])
def test_said_in_the_middle_it_stops_the_stretch(says: str) -> None:
    talk = Talk()
    for text in ("my hand is cramping", "no", "no", "no", "next"):
        talk.say(text)
    assert talk.reply.status.mode == "stretch"
    talk.say(says)
    assert talk.reply.status.mode != "stretch"


@pytest.mark.parametrize("says", NOT_SAID)
def test_what_is_no_injury_is_not_taken_for_one(says: str) -> None:
    talk = Talk()
    talk.say(says)
    assert talk.reply.status.urgency is None


@pytest.mark.parametrize("part", [part for part in BodyPart if part is not BodyPart.CHEST])
def test_everybody_is_asked_or_told_before_the_first_step(part: BodyPart) -> None:
    talk = Talk()
    talk.say("i have a cramp")
    talk.say("my ribs" if part is BodyPart.RIBS else f"my {content().part_names[part]}")
    asked: set[Symptom] = set()
    for _ in range(6):
        asked.update(talk.reply.status.asks)
        if not talk.reply.status.asks:
            break
        talk.say("no")
    assert talk.reply.status.mode == "stretch"
    assert Symptom.INJURY in asked or "way_out" in talk.prompts


def test_whoever_hesitates_is_not_asked_more_before_the_first_step() -> None:
    talk = Talk()
    questions = 0
    talk.say("my calf is cramping")
    for answer in ("not sure", "no", "no"):
        questions += bool(talk.reply.status.asks)
        talk.say(answer)
    assert talk.reply.status.mode == "stretch"
    assert questions == 3
    assert "Stop me if it was hurt or operated on lately." in talk.said
