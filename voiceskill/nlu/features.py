"""What the linear model sees of an utterance: its words, the letters in them, what was spotted.
Training and run time both use this, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Iterator

from voiceskill.nlu.heard import Heard

GROUPS = 3
"""Groups of features, each with the same weight in all: words, letters, what was spotted."""
_LONGEST_PHRASE_WORDS = 3
_LETTERS = (2, 3, 4, 5)
"""Pieces of words of so many letters: they bear wrong letters, endings and compounds."""
_EDGE = "|"
"""Stands for the beginning and the end of the utterance; no word is written so."""


def features(heard: Heard) -> tuple[set[str], set[str], set[str]]:
    """The names of the features of each group; no name is in two groups."""
    return set(_phrases(heard.words)), set(_letters(heard.words)), set(_spotted(heard))


def _phrases(words: tuple[str, ...]) -> Iterator[str]:
    line = (_EDGE, *words, _EDGE)
    for length in range(1, _LONGEST_PHRASE_WORDS + 1):
        for first in range(len(line) - length + 1):
            yield " ".join(line[first : first + length])


def _letters(words: tuple[str, ...]) -> Iterator[str]:
    for word in set(words):
        edged = f"_{word}_"
        for length in _LETTERS:
            if length >= len(edged):
                yield f"~{edged}"
                break
            for first in range(len(edged) - length + 1):
                yield f"~{edged[first : first + length]}"


def _spotted(heard: Heard) -> Iterator[str]:
    for name in heard.spotted:
        yield f"={name}"
