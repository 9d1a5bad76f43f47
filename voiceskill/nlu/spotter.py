"""Spots many named sets of templates in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from voiceskill.nlu.automaton import Automaton
from voiceskill.nlu.grammar import Grammar

Span = tuple[int, int]
"""Where something stands in a text: start and end in characters."""


class Spotter:
    """Named sets of templates."""

    def __init__(self, named: Mapping[str, Iterable[str]], rules: Mapping[str, str]) -> None:
        """``rules`` are what ``<name>`` stands for. Raises ContentError naming a bad template."""
        grammar = rules if isinstance(rules, Grammar) else Grammar(rules)
        self._automaton = Automaton(grammar)
        for name, templates in named.items():
            for template in dict.fromkeys(templates):
                self._automaton.add(name, template)

    def spot(self, text: str) -> dict[str, list[Span]]:
        """The names that occur in the normalised text, on word boundaries, with where: left to
        right, of those that begin together the longest, not overlapping."""
        found: dict[str, list[Span]] = {}
        words = _words(text)
        for first, (begin, _) in enumerate(words):
            for name, end in self._longest(text, words, first).items():
                spans = found.setdefault(name, [])
                if not spans or spans[-1][1] <= begin:
                    spans.append((begin, end))
        return found

    def is_all(self, text: str) -> bool:
        """Whether the text as a whole is one of the templates."""
        automaton = self._automaton
        state = automaton.start
        for word in text.split():
            after = automaton.step(state, word)
            if after is None:
                return False
            state = after
        return bool(state.names)

    def _longest(self, text: str, words: list[Span], first: int) -> dict[str, int]:
        """The names that begin at a word, with the end of the longest template of each."""
        automaton = self._automaton
        state = automaton.start
        ends: dict[str, int] = {}
        for begin, end in words[first:]:
            after = automaton.step(state, text[begin:end])
            if after is None:
                return ends
            state = after
            for name in state.names:
                ends[name] = end
        return ends


def _words(text: str) -> list[Span]:
    spans = []
    begin = 0
    for word in text.split(" "):
        if word:
            spans.append((begin, begin + len(word)))
        begin += len(word) + 1
    return spans
