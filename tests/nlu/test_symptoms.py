"""Warning signs are found however they are worded, and not where they only seem to be said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nlu.score import DATA, EMERGENCY, HERE, english, is_tuning, lines, score
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.data_files import data_file

DEVELOPMENT = DATA / "utterances_dev.jsonl"
SIGNS = lines(HERE / "signs.jsonl")
BARE = [
    "chest pain",
    "swelling",
    "fever",
    "numbness",
    "slurred speech",
    "double vision",
    "weakness",
]
DANGER = ["i can't breathe", "my face has dropped on one side", "i'm coughing up blood"]


def test_every_emergency_sign_is_found_in_nearly_all_wordings() -> None:
    emergencies = [item for item in SIGNS if item["sign"] in {s.value for s in EMERGENCY}]
    missed = [
        item for item in emergencies if not english().understand(item["text"]).symptoms & EMERGENCY
    ]
    assert len(missed) <= 0.015 * len(emergencies), missed


def test_signs_get_their_own_label() -> None:
    said = [item for item in SIGNS if item["sign"]]
    missed = [
        item
        for item in said
        if Symptom(item["sign"]) not in english().understand(item["text"]).symptoms
    ]
    # The model may overrule a template: it knows such words mostly from talk about other things.
    assert len(missed) <= 0.05 * len(said), missed


def test_talk_that_only_sounds_like_danger_is_none() -> None:
    harmless = [item["text"] for item in SIGNS if not item["sign"]]
    alarmed = [text for text in harmless if english().understand(text).symptoms & EMERGENCY]
    # What is long over may still be asserted: in doubt the danger is heard.
    assert len(alarmed) <= 0.03 * len(harmless), alarmed


@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="no labelled development lines")
@pytest.mark.parametrize(("tuning", "bar"), [(True, 0.98), (False, 0.92)])
def test_signs_of_the_development_lines_are_found(tuning: bool, bar: float) -> None:
    half = score(item for item in lines(DEVELOPMENT) if is_tuning(item["text"]) is tuning)
    assert half.f1 >= bar
    assert half.false_emergencies <= 0.005 * half.lines


@pytest.mark.slow
def test_emergencies_of_the_examples_are_found_and_few_others_raised() -> None:
    found = missed = alarmed = harmless = 0
    for path in sorted(data_file("prompts/en/examples").glob("hand_[a-f].jsonl")):
        for item in lines(path):
            wanted = {Symptom(label) for label in item.get("symptoms", ())} & EMERGENCY
            raised = bool(english().understand(item["text"]).symptoms & EMERGENCY)
            found += bool(wanted) and raised
            missed += bool(wanted) and not raised
            alarmed += raised and not wanted
            harmless += not wanted
    assert found >= 0.95 * (found + missed)
    assert alarmed <= 0.006 * harmless


@pytest.mark.parametrize("sign", BARE)
def test_no_before_a_bare_sign_takes_it_away(sign: str) -> None:
    assert english().understand(sign).symptoms
    assert not english().understand(f"no {sign}").symptoms


@pytest.mark.parametrize(
    "around", ["um {}", "{} please", "please {}", "hey sam {}", "{} thank you"]
)
@pytest.mark.parametrize("sign", BARE + DANGER)
def test_small_words_around_a_sign_change_nothing(around: str, sign: str) -> None:
    assert english().understand(around.format(sign)).symptoms == english().understand(sign).symptoms


@pytest.mark.parametrize(
    ("broad", "plain"),
    [
        ("ma calf's crampin' and ah cannae breathe", "my calf's cramping and i can't breathe"),
        ("there's nae swellin'", "there's no swelling"),
        ("ah've gone numb in t'leg", "i've gone numb in the leg"),
        ("he isnae breathin'", "he isn't breathing"),
    ],
)
def test_dialect_means_what_plain_words_mean(broad: str, plain: str) -> None:
    assert english().understand(broad).symptoms == english().understand(plain).symptoms


@pytest.mark.parametrize(
    "text",
    [
        "my coworker's on a statin not me",
        "do pregnant women get cramps",
        "what helps leg cramps at night",
        "should i stretch before or after football",
        "the fever broke days ago i'm fine now",
        "if it went blue i'd call someone",
    ],
)
def test_others_the_past_and_general_questions_say_nothing_of_the_speaker(text: str) -> None:
    assert english().understand(text).symptoms == frozenset()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SIGNS), st.sampled_from(DANGER))
def test_a_danger_sign_after_anything_is_heard(said: dict[str, str], danger: str) -> None:
    meaning = english().understand(f"{said['text']}. {danger}")
    assert meaning.urgency is Urgency.EMERGENCY


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([w for s in SIGNS for w in s["text"].split()]), max_size=60))
def test_word_salad_has_a_meaning(words: list[str]) -> None:
    text = " ".join(words)
    assert english().understand(text).text == text
