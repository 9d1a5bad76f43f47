"""Written English, as Whisper puts it down, turned into the spoken words: "I'm 20." becomes
"i'm twenty"."""

from __future__ import annotations

import re
from functools import lru_cache

from unicode_rbnf import FormatPurpose, RbnfEngine

_NOTE = re.compile(r"\[[^\]]*\]|\([^)]*\)")
"""Remarks about the sound: "(coughing)"."""
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_ABBREVIATION_DOT = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:(st|nd|rd|th)\b)?")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@lru_cache(maxsize=1)
def _numbers() -> RbnfEngine:
    return RbnfEngine.for_language("en")


def plain(text: str) -> str:
    """Lower case words with a blank between; digits spelled out, apostrophes inside words kept."""
    text = _NOTE.sub(" ", text.lower().replace("\u2019", "'"))
    text = _ABBREVIATION_DOT.sub("", _THOUSANDS.sub("", text))
    return " ".join(_WORD.findall(_NUMBER.sub(lambda number: f" {_spell(number)} ", text)))


def _spell(match: re.Match[str]) -> str:
    digits, ordinal = match.groups()
    if _is_called_out(digits):
        return " ".join(_in_words(digit) for digit in digits)
    return _in_words(digits, FormatPurpose.ORDINAL if ordinal else FormatPurpose.CARDINAL)


def _is_called_out(digits: str) -> bool:
    """Emergency numbers are said digit by digit; amounts of three digits and more are round."""
    return digits.isdigit() and len(digits) >= 3 and (digits[0] == "0" or digits[-1] != "0")


def _in_words(digits: str, purpose: FormatPurpose = FormatPurpose.CARDINAL) -> str:
    return _numbers().format_number(digits, purpose).text
