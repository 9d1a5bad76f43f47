"""Every warning sign, said at any moment, counts in that same turn: first words, in the middle of
a stretch, at an open question, after everything is over."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk, content
from voiceskill.content.labels import Symptom, Urgency

SAID = {
    Symptom.CHEST_PAIN: "i have chest pain",
    Symptom.BREATHING_TROUBLE: "i can't breathe",
    Symptom.FACE_DROOP: "one side of my face is drooping",
    Symptom.SLURRED_SPEECH: "my speech is slurred",
    Symptom.SUDDEN_ONE_SIDED_WEAKNESS: "my right arm has suddenly gone weak",
    Symptom.PARALYSIS: "i can't move my legs at all",
    Symptom.FAINTING: "i just fainted",
    Symptom.CONFUSION: "he is suddenly very confused",
    Symptom.SEIZURE: "she is having a seizure",
    Symptom.JAW_LOCKED: "my jaw is locked shut",
    Symptom.HEAT_STROKE: "i think i have heat stroke",
    Symptom.COUGHING_BLOOD: "i'm coughing up blood",
    Symptom.BLADDER_BOWEL_LOSS: "i've lost control of my bladder",
    Symptom.SADDLE_NUMBNESS: "i'm numb between my legs",
    Symptom.SEVERE_PAIN: "this is the worst pain of my life",
    Symptom.PERSISTENT_PAIN: "the pain won't go away",
    Symptom.SWELLING: "my leg is swollen",
    Symptom.REDNESS: "my leg is red",
    Symptom.SKIN_CHANGE: "the skin on my leg has changed colour",
    Symptom.WARMTH: "my calf feels hot to the touch",
    Symptom.WEAKNESS: "my leg feels weak",
    Symptom.NUMBNESS_NEW: "my foot has just gone numb",
    Symptom.DOUBLE_VISION: "i'm seeing double",
    Symptom.SEVERE_HEADACHE: "i have the worst headache of my life",
    Symptom.DARK_URINE: "my urine is dark brown",
    Symptom.INJURY: "i fell and injured my leg",
    Symptom.FEVER: "i have a fever",
    Symptom.PREGNANCY_WARNING: "i'm pregnant and i'm bleeding",
    Symptom.FREQUENT_SPASMS: "i keep getting cramps every night",
    Symptom.UNKNOWN_CAUSE: "i don't know what causes my cramps",
    Symptom.SELF_CARE_FAILED: "i've tried everything and nothing helps",
    Symptom.NUMBNESS: "my toes have been a bit numb for years",
    Symptom.TINGLING: "i have pins and needles in my foot",
    Symptom.TREMOR: "my hands shake",
    Symptom.POOR_COORDINATION: "i've become very clumsy",
    Symptom.SLOW_MOVEMENTS: "my movements have become slow",
    Symptom.SLEEP_PROBLEMS: "i can't sleep because of the cramps",
    Symptom.BACK_NECK_HEAD_PAIN: "i have neck pain",
    Symptom.NEW_MEDICINE: "i started a new medicine last week",
    Symptom.WASTING: "my calf muscle is getting thinner",
}
BEFORE = {
    "first words": (),
    "open question": ("can you check my arm",),
    "middle of a stretch": ("my calf is cramping", "no", "no", "no"),
    "over": ("my calf is cramping", "no", "no", "no", "it's gone now", "stop"),
}


def test_every_sign_with_a_level_is_said() -> None:
    assert {label for label, item in content().symptoms.items() if item.level} == SAID.keys()


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("label", SAID, ids=lambda label: label.value)
def test_a_sign_counts_in_the_turn_that_it_is_said(label: Symptom, before: tuple[str, ...]) -> None:
    talk, sign = Talk(), content().symptoms[label]
    for text in before:
        talk.say(text)

    status = talk.say(SAID[label]).status

    assert sign.level
    assert status.urgency is not None
    assert status.urgency.rank >= sign.level.rank
    if sign.level is Urgency.EMERGENCY:
        assert status.topic == "emergency"
        assert talk.said[0] == "Call your emergency number now."
    if sign.forbids_stretch:
        assert status.mode != "stretch"
