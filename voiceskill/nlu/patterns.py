"""Spots templates in text: hassil's template language, read by hassil's own parser, compiled to
one regular expression, because hassil itself matches whole sentences only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from voiceskill.nlu.template import END, START, read_template


class Patterns:
    """Some templates, to be found in normalised text.

    Cheap to make: the templates are read when made, the expression is compiled when first used.
    """

    def __init__(self, templates: Iterable[str], rules: Mapping[str, str]) -> None:
        """``rules`` are what ``<name>`` stands for. Raises ContentError naming the template."""
        read = [read_template(template, rules) for template in dict.fromkeys(templates)]
        # Longest first: a regular expression takes the first branch that fits.
        read.sort(key=lambda template: -template.longest)
        self._source = "|".join(template.source for template in read)
        fragments = [template.fragments for template in read]
        self.fragments = None if None in fragments else frozenset().union(*fragments)  # type: ignore[arg-type]
        """Pieces of words, one of which at least is in any text that holds a template; None when
        that cannot be told. To pass by, cheaply, what cannot occur."""

    def matches(self, text: str) -> bool:
        """Whether the whole normalised utterance is one of the templates."""
        return bool(self._source) and self._whole.fullmatch(text) is not None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where templates occur on word boundaries: (start, end) in characters, left to right,
        not overlapping."""
        if not self._source:
            return []
        spans = []
        for found in self._anywhere.finditer(text):
            words = found.group().strip()
            if words:
                start = text.index(words, found.start())
                spans.append((start, start + len(words)))
        return spans

    def longest(self, text: str) -> int:
        """Characters of the longest occurrence in the normalised text, 0 when there is none."""
        return max((end - start for start, end in self.spans(text)), default=0)

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self._source})")

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile(f"{START}(?:{self._source}){END}")
