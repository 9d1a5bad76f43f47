"""Spots templates in text: hassil's template language, read by hassil's own parser, but found
anywhere in the text, because hassil itself matches whole sentences only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from voiceskill.nlu.spotter import Span, Spotter


class Patterns:
    """Some templates, to be found in normalised text."""

    def __init__(self, templates: Iterable[str], rules: Mapping[str, str]) -> None:
        """``rules`` are what ``<name>`` stands for. Raises ContentError naming the template."""
        self._spotter = Spotter({"": templates}, rules)

    def matches(self, text: str) -> bool:
        """Whether the whole normalised utterance is one of the templates."""
        return self._spotter.is_all(text)

    def spans(self, text: str) -> list[Span]:
        """Where templates occur on word boundaries: (start, end) in characters, left to right,
        not overlapping; of those that begin together the longest."""
        return self._spotter.spot(text).get("", [])

    def longest(self, text: str) -> int:
        """Characters of the longest occurrence in the normalised text, 0 when there is none."""
        return max((end - start for start, end in self.spans(text)), default=0)
