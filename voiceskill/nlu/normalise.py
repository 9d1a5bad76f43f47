"""Brings what was heard to the one form that all templates are written for. Pure and total:
any text at all gives a (perhaps empty) line of lower-case words with single spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from voiceskill.nlu.spelling import Spelling, english_spelling

_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_OUT_OF_TEN = re.compile(r"(\d+) ?/ ?(10|ten)\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:st|nd|rd|th)?", re.ASCII)
_SENTENCE_END = re.compile(r"[.!?;:\n\r\u2026]+(?=\s|$)")
_JUNK = re.compile(r"[^\w' |]|_")
_LOOSE_QUOTE = re.compile(r"(?<!\w)'(?!s\b)|'(?!\w)")
_LONGEST_SPELT_DIGITS = 9
"""Longer numbers (telephone numbers) are said digit by digit."""


def normalise(text: str) -> str:
    """Lower-case words with single spaces; numbers spelled, fillers and punctuation dropped.

    "It is 10/10, um, my Calf's  cramping!" gives "it's ten out of ten my calf 's cramping".
    """
    return " ".join(sentences(text))


def sentences(text: str) -> list[str]:
    """The normalised sentences of ``text``, none of them empty; ends are full stops and the like.

    Recognisers that write no punctuation give one sentence.
    """
    spelling = english_spelling()
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES)).lower().translate(_QUOTES)
    plain = spelling.unify(plain)
    plain = _OUT_OF_TEN.sub(r"\1 out of \2", plain)
    plain = _THOUSANDS.sub("", plain)
    plain = _SENTENCE_END.sub(" | ", plain)
    plain = _NUMBER.sub(lambda found: f" {_spelt(found.group(), spelling)} ", plain)
    plain = _LOOSE_QUOTE.sub(" ", _JUNK.sub(" ", plain))
    # Once more: what was hidden behind punctuation ("um, it is") shows only now.
    plain = spelling.unify(spelling.drop_fillers(plain))
    return [words for part in plain.split("|") if (words := " ".join(part.split()))]


def _spelt(number: str, spelling: Spelling) -> str:
    digits = number.rstrip("stndrh")
    if digits in spelling.said_by_digit or len(digits) > _LONGEST_SPELT_DIGITS:
        return " ".join(_in_words(digit, False) for digit in digits if digit.isdigit())
    return _in_words(digits, digits != number)


@lru_cache(maxsize=512)
def _in_words(digits: str, ordinal: bool) -> str:
    # Imported here: its rules take 5 MB, and recognisers seldom write digits.
    from hassil.numbers import get_rbnf_engine

    ruleset = "spellout-ordinal" if ordinal and "." not in digits else "spellout-cardinal"
    result = get_rbnf_engine("en").format_number(digits, ruleset_names=[ruleset])
    return result.text.replace("-", " ")
