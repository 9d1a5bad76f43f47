"""Mends what a recogniser typically writes for the words of this domain, where the company of
the word says so ("my cat is cramping")."""

from __future__ import annotations

from collections.abc import Iterator

from voiceskill.nlu.content import NluContent
from voiceskill.nlu.spotter import Span


class Mishearings:
    """The mishearings of one language."""

    def __init__(self, content: NluContent) -> None:
        self._items = {f"misheard {n}": item for n, item in enumerate(content.mishearings)}

    def named_words(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What has to be spotted for ``mend``."""
        for name, item in self._items.items():
            yield name, (item.heard,)

    def mend(self, text: str, spotted: dict[str, list[Span]]) -> str:
        """``text`` with the meant words for the misheard ones."""
        changes = []
        for name, item in self._items.items():
            if name not in spotted or (item.near and not any(c in spotted for c in item.near)):
                continue
            spans = [s for s in spotted[name] if not item.whole or s == (0, len(text))]
            changes += [(span, item.meant) for span in spans]
        last = len(text) + 1
        for (start, end), meant in sorted(changes, reverse=True):
            if end < last:
                text = text[:start] + meant + text[end:]
                last = start
        return text
