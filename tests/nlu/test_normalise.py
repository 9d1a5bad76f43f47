"""All the ways to write an utterance come to one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceskill.nlu.normalise import normalise, sentences


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It is 10/10!", "it's ten out of ten"),
        ("Call 911 NOW", "call nine one one now"),
        ("it's 38.5", "it's thirty eight point five"),
        ("um, I can not\u2026 er breathe", "i can't breathe"),
        ("uh huh", "uh huh"),
        ("my Calf\u2019s cramping", "my calf 's cramping"),
        ("IT\u2019S what\u2019s it's", "it's what's it's"),
        ("dont  do not", "don't don't"),
        ("mother-in-law", "mother in law"),
        ("Charlie's horse", "charley horse"),
        ("my 2nd 1,200 go", "my second one thousand two hundred go"),
        ("\ud800\x00\U0001f600", ""),
    ],
)
def test_one_form(written: str, read: str) -> None:
    assert normalise(written) == read


def test_full_stops_part_sentences() -> None:
    assert sentences("No. Chest pain! 3.5 hours") == ["no", "chest pain", "three point five hours"]


@given(st.text(max_size=300))
def test_any_text_gives_single_spaced_words(text: str) -> None:
    read = normalise(text)
    assert read == " ".join(read.split())
