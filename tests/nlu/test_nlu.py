"""What people say is understood: the bars on labelled lines, denial, idioms, any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nlu.score import DATA, EMERGENCY, HERE, english, is_tuning, lines, score
from voiceskill.content.labels import Intent, Symptom, Urgency

DEVELOPMENT = DATA / "utterances_dev.jsonl"
WORDS = ("no", "not", "my", "leg", "it's", "i", "chest", "swollen", "and", "but", "he", "if")
needs_data = pytest.mark.skipif(not DEVELOPMENT.exists(), reason="no labelled development lines")


def test_own_cases_are_understood() -> None:
    own = score(lines(HERE / "cases.jsonl"))
    assert own.intents >= 0.94 * own.lines, own.failures
    assert own.parts >= 0.95 * own.lines, own.failures
    assert own.f1 >= 0.92, own.failures
    assert own.emergencies_found == own.emergencies
    assert own.false_emergencies <= 0.005 * own.lines


@needs_data
def test_the_tuning_half_is_understood() -> None:
    half = score(item for item in lines(DEVELOPMENT) if is_tuning(item["text"]))
    assert half.intents >= 0.95 * half.lines, half.failures
    assert half.parts >= 0.95 * half.lines, half.failures
    assert half.f1 >= 0.92, half.failures
    assert half.emergencies_found == half.emergencies


@needs_data
def test_the_blind_half_does_not_fall_back() -> None:
    half = score(item for item in lines(DEVELOPMENT) if not is_tuning(item["text"]))
    assert half.intents >= 0.92 * half.lines
    assert half.parts >= 0.95 * half.lines


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain",
        "no swelling no redness no fever",
        "it isn't swollen or anything",
        "i don't have any numbness or tingling",
        "my dad had a stroke last year",
        "what if it was a clot",
        "can cramps cause chest pain",
        "nobody's having a stroke it's the telly",
        "he fainted in that film",
        "i've never passed out",
    ],
)
def test_what_is_denied_or_not_the_speakers_now_is_not_asserted(text: str) -> None:
    assert english().understand(text).symptoms == frozenset()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("it's not just swollen it's red too", Symptom.REDNESS),
        ("it's not just swollen it's red too", Symptom.SWELLING),
        ("no it's worse i can't breathe", Symptom.BREATHING_TROUBLE),
        ("it isn't the leg it's my chest it hurts", Symptom.CHEST_PAIN),
        ("i can't stop coughing blood", Symptom.COUGHING_BLOOD),
        ("no warning my face just dropped", Symptom.FACE_DROOP),
        ("my husband is having chest pains", Symptom.CHEST_PAIN),
        ("No. Chest pain.", Symptom.CHEST_PAIN),
        ("could this be a clot my leg is warm and red", Symptom.WARMTH),
    ],
)
def test_what_only_looks_denied_is_asserted(text: str, label: Symptom) -> None:
    assert label in english().understand(text).symptoms


@pytest.mark.parametrize(
    "text", ["my foot can't move it's cramped", "my toes locked up", "tight calf", "my hand locked"]
)
def test_cramp_words_are_no_emergency(text: str) -> None:
    assert english().understand(text).urgency is not Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    ["that cost an arm and a leg", "stop pulling my leg", "text my mother", "play some music", ""],
)
def test_other_talk_is_none(text: str) -> None:
    meaning = english().understand(text)
    assert (meaning.intent, meaning.body_part) == (Intent.NONE, None)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("my cat is cramping", "my calf is cramping"),
        ("charlie horse", "charley horse"),
        ("pens and needles", "pins and needles"),
        ("night crimes", "night cramps"),
    ],
)
def test_a_mishearing_is_understood_with_less_confidence(heard: str, meant: str) -> None:
    got, right = english().understand(heard), english().understand(meant)
    assert (got.intent, got.body_part, got.symptoms) == (
        right.intent,
        right.body_part,
        right.symptoms,
    )
    assert got.confidence <= right.confidence


@pytest.mark.parametrize("polite", ["um {}", "please {}", "{} please", "{} thank you"])
@pytest.mark.parametrize("text", ["next step", "go back", "how long left", "slow down"])
def test_politeness_changes_nothing(polite: str, text: str) -> None:
    plain = english().understand(text)
    assert english().understand(polite.format(text)).intent is plain.intent


@pytest.mark.parametrize("text", ["do not stop", "i don't know", "don't go to the next one"])
def test_commands_inside_their_negation_are_not_obeyed(text: str) -> None:
    assert english().understand(text).intent not in (Intent.NEXT, Intent.NO)


def test_danger_at_the_end_of_long_talk_is_heard() -> None:
    meaning = english().understand("so anyway we went to the shops " * 300 + "and i can't breathe")
    assert Symptom.BREATHING_TROUBLE in meaning.symptoms
    assert meaning.urgency is Urgency.EMERGENCY


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=400))
def test_any_text_has_a_meaning(text: str) -> None:
    meaning = english().understand(text)
    assert meaning.text == text
    assert 0 <= meaning.confidence <= 1


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(WORDS)))
def test_a_danger_sign_never_lowers_the_urgency(words: list[str]) -> None:
    text = " ".join(words)
    more = english().understand(f"{text}. i can't breathe")
    assert more.urgency is Urgency.EMERGENCY
    assert more.symptoms & EMERGENCY
