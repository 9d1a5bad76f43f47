"""What the linear model sees of an utterance: its words, the letters in them, what was spotted, and
pairs of words. Training and run time both use this, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from voiceskill.nlu.heard import Heard

_LONGEST_PHRASE_WORDS = 3
_WIDEST_GAP_WORDS = 3
"""Pairs of words with so many others between them: they bear what people put in."""
_LETTERS = (2, 3, 4, 5)
"""Pieces of words of so many letters: they bear wrong letters, endings and compounds."""
_WORDS_KEPT = 4096
"""Words whose pieces are kept at hand."""
_EDGE = "|"
"""Stands for the beginning and the end of the utterance; no word is written so."""


def features(heard: Heard) -> tuple[set[str], ...]:
    """The names of the features of each group; no name is in two groups. Each group has the same
    weight in all."""
    line = (_EDGE, *heard.words, _EDGE)
    return set(_phrases(line)), set(_letters(heard.words)), set(_spotted(heard)), set(_pairs(line))


def _phrases(line: tuple[str, ...]) -> Iterator[str]:
    for length in range(1, _LONGEST_PHRASE_WORDS + 1):
        for first in range(len(line) - length + 1):
            yield " ".join(line[first : first + length])


def _pairs(line: tuple[str, ...]) -> Iterator[str]:
    for first, word in enumerate(line):
        for other in line[first + 2 : first + 2 + _WIDEST_GAP_WORDS]:
            yield f"{word}..{other}"


def _letters(words: tuple[str, ...]) -> Iterator[str]:
    for word in set(words):
        yield from pieces("~", word)


@lru_cache(maxsize=_WORDS_KEPT)
def pieces(before: str, word: str) -> tuple[str, ...]:
    """The pieces of a word, each behind ``before``."""
    edged = f"_{word}_"
    found = []
    for length in _LETTERS:
        if length >= len(edged):
            found.append(before + edged)
            break
        found += [before + edged[at : at + length] for at in range(len(edged) - length + 1)]
    return tuple(found)


def _spotted(heard: Heard) -> Iterator[str]:
    for name in heard.spotted:
        yield f"={name}"
