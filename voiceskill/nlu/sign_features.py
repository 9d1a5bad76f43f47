"""What the model of signs sees of an utterance: words, letters and what was spotted, each marked
where a denial, a what-if or the like covers it. Training and run time both use this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voiceskill.nlu.features import pieces
from voiceskill.nlu.heard import Heard
from voiceskill.nlu.scope import Cover
from voiceskill.nlu.spotter import Span

_LONGEST_PHRASE_WORDS = 3
_EDGE = "|"
"""Stands for the beginning and the end of the utterance; no word is written so."""
_DENIED = "no/"
_UNREAL = "if/"
"""Stand before what is covered: a denied word tells something else than the same word asserted."""
_LEFT_OUT = ("symptom ", "present ", "denied ", "misheard ")
"""What templates make of the signs: the model must find what they miss, not learn to trust those
that were written from the examples it learns from."""


def features(heard: Heard, covers: Sequence[Cover]) -> tuple[set[str], set[str], set[str]]:
    """The names of the features of each group; no name is in two groups."""
    marked = list(_marked(heard, covers))
    return set(_phrases(marked)), set(_letters(marked)), set(_spotted(heard, covers))


def _marked(heard: Heard, covers: Sequence[Cover]) -> Iterator[tuple[str, str]]:
    """Each word with the mark of what covers it."""
    begin = 0
    for word in heard.words:
        yield _mark(covers, (begin, begin + len(word))), word
        begin += len(word) + 1


def _mark(covers: Sequence[Cover], span: Span) -> str:
    over = [cover for cover in covers if cover.holds(None, (span,))]
    if not over:
        return ""
    return _DENIED if any(cover.frame.denies for cover in over) else _UNREAL


def _phrases(marked: list[tuple[str, str]]) -> Iterator[str]:
    line = (_EDGE, *(mark + word for mark, word in marked), _EDGE)
    for length in range(1, _LONGEST_PHRASE_WORDS + 1):
        for first in range(len(line) - length + 1):
            yield " ".join(line[first : first + length])


def _letters(marked: list[tuple[str, str]]) -> Iterator[str]:
    for mark, word in set(marked):
        yield from pieces(f"~{mark and _UNREAL}", word)


def _spotted(heard: Heard, covers: Sequence[Cover]) -> Iterator[str]:
    for name, spans in heard.spotted.items():
        if name.startswith(_LEFT_OUT):
            continue
        covered = covers and all(_mark(covers, span) for span in spans)
        yield f"={_UNREAL}{name}" if covered else f"={name}"
