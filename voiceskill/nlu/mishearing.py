"""Mends what a recogniser typically writes for words of this domain, where the company of the
word says so and its sound does not ("my neck a hurts")."""

from __future__ import annotations

from collections.abc import Iterator

from voiceskill.nlu.content import NluContent
from voiceskill.nlu.spotter import Span

Change = tuple[Span, str]
"""A stretch of a text and what is meant there."""


class Mishearings:
    """The mishearings of one language."""

    def __init__(self, content: NluContent) -> None:
        self._items = {f"misheard {n}": item for n, item in enumerate(content.mishearings)}

    def named_words(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What has to be spotted for ``changes``."""
        for name, item in self._items.items():
            yield name, (item.heard,)

    def changes(self, text: str, spotted: dict[str, list[Span]]) -> list[Change]:
        """What is meant where in ``text``, in order, none overlapping another."""
        found = []
        for name, item in self._items.items():
            if name not in spotted or (item.near and not any(c in spotted for c in item.near)):
                continue
            spans = [s for s in spotted[name] if not item.whole or s == (0, len(text))]
            found += [(span, item.meant) for span in spans]
        changes: list[Change] = []
        for span, meant in sorted(found):
            if not changes or changes[-1][0][1] < span[0]:
                changes.append((span, meant))
        return changes
