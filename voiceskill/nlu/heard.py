"""One utterance with everything that was spotted in it: what the stages of the nlu work on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from voiceskill.nlu.content import Together
from voiceskill.nlu.spotter import Span

Mention = tuple[Span, ...]
"""The words that say one thing: one stretch of the text, or several near each other, in order."""


@dataclass(frozen=True)
class Heard:
    """A normalised utterance and the names spotted in it."""

    text: str
    ends: tuple[int, ...]
    """Characters at which a sentence ends, where the recogniser wrote full stops."""
    spotted: dict[str, list[Span]]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the text."""
        return tuple(self.text.split())

    def spans(self, name: str) -> list[Span]:
        """Where ``name`` was spotted; "a or b" for either."""
        if " or " not in name:
            return self.spotted.get(name, [])
        return [span for one in name.split(" or ") for span in self.spotted.get(one, [])]

    def any_of(self, names: Iterable[str]) -> bool:
        """Whether one of the names was spotted."""
        return any(self.spans(name) for name in names)

    def together(self, rule: Together) -> list[Mention]:
        """The cues of the rule wherever they stand near each other, each time in order."""
        found: list[list[Span]] = []
        for name in rule.cues:
            spans = self.spans(name)
            if not spans:
                return []
            found.append(spans)
        groups = (tuple(sorted(group)) for group in product(*found))
        return [group for group in groups if self._are_near(group, rule.within)]

    def _are_near(self, ordered: Mention, within: int) -> bool:
        end = ordered[0][1]
        for start, stop in ordered[1:]:
            if self.text.count(" ", end, start) - 1 > within:
                return False
            end = max(end, stop)
        return True


def outside(spans: Iterable[Span], covers: Iterable[Span]) -> list[Span]:
    """The spans that no cover holds wholly."""
    held = list(covers)
    return [s for s in spans if not any(c[0] <= s[0] and s[1] <= c[1] for c in held)]
