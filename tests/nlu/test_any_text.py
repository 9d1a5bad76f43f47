"""Whatever is said or misheard, there is a meaning: no text makes the understanding fail, and words
thrown together are an emergency only where there is danger in them."""

from __future__ import annotations

import json
import random
import re
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nlu.score import english
from voiceskill.content.labels import Intent, Urgency
from voiceskill.data_files import data_file
from voiceskill.nlu.meaning import Understanding

SALADS = 10_000
LONGEST_SALAD_WORDS = 8
SEED = 11
DANGER = re.compile(
    r"air|apnoea|attack|black|bladder|blood|blot|bowel|breast|breath|cheek|chest|chok|collaps|"
    r"confus|conscious|convuls|cough|crooked|dead|delir|die|disorient|dribb|droop|drool|dying|"
    r"epilep|face|faint|feel|fit|flopp|foam|gasp|gibber|gobble|groin|hang|heart|heat|incontin|"
    r"jaw|keel|know|legless|limp|lip|lock|lopsid|lung|mouth|move|moving|muddl|mumbl|mush|nonsense|"
    r"numb|oxygen|paraly|pass|pee|pulse|pump|rambl|rav|respon|saddle|seiz|shak|sip|slump|slur|"
    r"smile|speak|speech|spit|stroke|suffoc|swallow|talk|tetan|throat|tight|tongue|twist|"
    r"undercarriage|wake|waterwork|weak|wee|wet|wheez|wonk|word|"
    r"arthric|doolally|dyspn|feint|foggy|hallucin|paresis|privates|ptysis|sphincter|sternal|swoon|"
    r"syncop|trismus"
)
"""Pieces of words that say, or with others can say, something dangerous."""
ODD_TEXTS = (
    "",
    " ",
    "\x00\x1b[31m\x07",
    "\ud800",
    "😀🦵💥" * 50,
    "我的小腿抽筋了",
    "судорога икры",
    "ساقي تؤلمني",
    "נתפס לי השריר",
    "m̷y̷ ̷c̷a̷l̷f̷",
    "١٢٣ ٤٥٦",
    "3.14159 2,000,000 10/10 911 0045 1e999",
    "-1/0 %s {number} <limb> [a|b] (",
    "'" * 500,
    "a" * 5000,
    "\n\n\t\r\u2028",
)


@lru_cache(maxsize=1)
def known_words() -> tuple[str, ...]:
    """All words that people say in the examples, of each spelling one."""
    files = sorted(data_file("prompts/en/examples").glob("*.jsonl"))
    lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(sorted({word for line in lines for word in json.loads(line)["text"].split()}))


def salads(words: list[str], count: int) -> list[Understanding]:
    """The meanings of so many random word sequences."""
    chance = random.Random(SEED)
    lengths = (chance.randint(1, LONGEST_SALAD_WORDS) for _ in range(count))
    return [english().understand(" ".join(chance.choices(words, k=length))) for length in lengths]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_text_has_a_meaning_and_is_no_emergency(text: str) -> None:
    meaning = english().understand(text)
    assert meaning.text == text
    assert 0 <= meaning.confidence <= 1
    assert meaning.urgency is not Urgency.EMERGENCY


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec=None), max_size=200))
def test_any_characters_have_a_meaning(text: str) -> None:
    meaning = english().understand(text)
    assert isinstance(meaning.intent, Intent)
    assert 0 <= meaning.confidence <= 1


@pytest.mark.timeout(60)
def test_ten_thousand_words_have_a_meaning() -> None:
    chance = random.Random(SEED)
    english().understand(" ".join(chance.choices(known_words(), k=10_000)))


def test_words_thrown_together_are_an_emergency_only_with_danger_in_them() -> None:
    harmless = [word for word in known_words() if not DANGER.search(word)]
    alarmed = [
        meaning.text
        for meaning in salads(harmless, SALADS // 2)
        if meaning.urgency is Urgency.EMERGENCY
    ]
    assert len(alarmed) <= 0.005 * SALADS / 2, alarmed


def test_words_of_all_kinds_thrown_together_are_rarely_an_emergency() -> None:
    meanings = salads(list(known_words()), SALADS // 2)
    alarmed = [meaning.text for meaning in meanings if meaning.urgency is Urgency.EMERGENCY]
    without_danger = [text for text in alarmed if not DANGER.search(text)]
    assert len(alarmed) <= 0.08 * len(meanings), alarmed
    assert len(without_danger) <= 0.005 * len(meanings), without_danger
