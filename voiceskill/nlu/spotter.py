"""Spots many named sets of templates in one go, trying only those that can occur at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from voiceskill.nlu.patterns import Patterns
from voiceskill.nlu.template import Rules

Span = tuple[int, int]
"""Where something stands in a text: start and end in characters."""

_KEY_LETTERS = 3
"""Length of the pieces of text that the index is kept by: short enough for nearly all words."""


class Spotter:
    """Named sets of templates."""

    def __init__(self, named: Mapping[str, Iterable[str]], rules: Mapping[str, str]) -> None:
        """Raises ContentError naming a bad template."""
        self._patterns: dict[str, Patterns] = {}
        self._always: list[str] = []
        self._by_key: dict[str, set[str]] = {}
        rules = Rules(rules)
        for name, templates in named.items():
            patterns = Patterns(templates, rules)
            self._patterns[name] = patterns
            fragments = patterns.fragments
            if fragments is None or any(len(fragment) < _KEY_LETTERS for fragment in fragments):
                self._always.append(name)
                continue
            for fragment in fragments:
                self._by_key.setdefault(fragment[:_KEY_LETTERS], set()).add(name)

    def spot(self, text: str) -> dict[str, list[Span]]:
        """The names that occur in the normalised text, with where."""
        names = set(self._always)
        for start in range(len(text) - _KEY_LETTERS + 1):
            names |= self._by_key.get(text[start : start + _KEY_LETTERS], _NONE)
        found = {}
        for name in names:
            spans = self._patterns[name].spans(text)
            if spans:
                found[name] = spans
        return found


_NONE: frozenset[str] = frozenset()
