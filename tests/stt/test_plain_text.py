"""Written English as the words that were spoken."""

from __future__ import annotations

import pytest

from voiceskill.stt.plain_text import plain


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Yes.", "yes"),
        ("Call 911!", "call nine one one"),
        ("999, 112 or 000", "nine nine nine one one two or zero zero zero"),
        ("9-1-1", "nine one one"),
        ("I'm 20.", "i'm twenty"),
        ("for 150 seconds", "for one hundred fifty seconds"),
        ("1,000 times", "one thousand times"),
        ("my 2nd toe", "my second toe"),
        ("3.5 hours", "three point five hours"),
        ("vitamin B12", "vitamin b twelve"),
        ("It\u2019s my left-hand side", "it's my left hand side"),
        ("(coughing) Stop... [noise]", "stop"),
        ("at 5 a.m.", "at five am"),
        ("...", ""),
    ],
)
def test_writing_becomes_speech(written: str, spoken: str) -> None:
    assert plain(written) == spoken
