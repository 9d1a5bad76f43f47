"""What is known of the person decides which stretch, which advice and which outcome."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk, content
from voiceskill.content.labels import Symptom, Urgency


def _until_stretch(opening: str) -> Talk:
    talk = Talk()
    talk.say(opening)
    while talk.reply.status.mode == "triage":
        talk.say("no")
    return talk


def test_without_circumstances_the_first_calf_stretch_is_the_one_in_bed() -> None:
    assert _until_stretch("my calf is cramping").reply.status.topic == "R1"


def test_in_pregnancy_nobody_is_laid_flat() -> None:
    talk = Talk()
    talk.say("i'm pregnant")
    for part in ("calf", "front of my thigh", "hamstring", "foot", "lower back"):
        talk.say(f"i have a cramp in my {part}")
        while talk.reply.status.mode == "triage":
            talk.say("no")
        stretch = next(item for item in content().stretches if item.id == talk.reply.status.topic)
        assert stretch.position in ("sitting", "side"), part


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("i'm in bed", "lying"),
        ("i'm sitting in a chair", "sitting"),
        ("i'm standing up", "standing"),
        ("i'm on the floor", "floor"),
    ],
)
def test_the_stretch_fits_the_position(words: str, position: str) -> None:
    talk = _until_stretch(f"my calf is cramping and {words}")
    stretch = next(item for item in content().stretches if item.id == talk.reply.status.topic)
    assert stretch.position == position


def test_on_dialysis_nobody_is_told_to_drink() -> None:
    def aftercare(opening: str) -> str:
        talk = _until_stretch(opening)
        said = ""
        talk.say("it's gone now")
        while not talk.reply.status.ended and talk.reply.status.mode == "triage":
            said += " ".join(talk.said)
            talk.say("yes" if talk.reply.status.asks_if == "no" else "no")
        return said + " ".join(talk.said)

    water = "unless a doctor limits your drinks"
    assert water in aftercare("my calf is cramping")
    assert water not in aftercare("i'm on dialysis and my calf is cramping")


def test_a_chest_that_only_cramps_still_needs_a_doctor() -> None:
    talk = Talk()
    talk.say("i have a cramp")
    talk.say("my chest")
    while talk.reply.status.mode == "triage":
        assert talk.reply.status.topic != "emergency"
        talk.say("yes" if talk.reply.status.asks_if == "no" else "no")
    assert talk.reply.status.urgency is Urgency.DOCTOR_NOW
    assert talk.said[0] == "See a doctor today, and do not wait."


def test_swelling_said_while_driving_is_told_once_they_are_safe() -> None:
    talk = Talk()
    talk.say("i'm driving and my calf is cramping and swollen")
    assert talk.reply.status.topic == "R27-driving"
    assert talk.reply.status.urgency is Urgency.DOCTOR_NOW
    talk.say("i've pulled over")
    while talk.reply.status.mode == "triage":
        talk.say("no")
    assert "See a doctor today, and do not wait." in talk.said


def test_every_symptom_that_forbids_stretching_stops_a_stretch() -> None:
    labels = [
        label
        for label, item in content().symptoms.items()
        if item.forbids_stretch and item.level is not Urgency.EMERGENCY
    ]
    words = {
        Symptom.SEVERE_PAIN: "this is the worst pain of my life",
        Symptom.SWELLING: "my leg is swollen",
        Symptom.REDNESS: "my leg is red",
        Symptom.SKIN_CHANGE: "the skin on my leg has changed colour",
        Symptom.WARMTH: "my calf feels hot to the touch",
        Symptom.WEAKNESS: "my leg has gone weak",
        Symptom.NUMBNESS_NEW: "my foot has gone numb",
        Symptom.INJURY: "i fell and injured my leg",
        Symptom.PREGNANCY_WARNING: "i'm pregnant and i'm bleeding",
    }
    assert set(labels) == words.keys()
    for label in labels:
        talk = _until_stretch("my calf is cramping")
        status = talk.say(words[label]).status
        assert label in talk.session._state.symptoms, label
        assert status.mode != "stretch", label
        assert status.urgency is not None
        assert status.urgency.rank >= Urgency.DOCTOR_NOW.rank
