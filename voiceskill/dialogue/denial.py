"""Whether people's own words are a no to all that a question about danger asked."""

from __future__ import annotations

from collections.abc import Mapping

from voiceskill.content.model import Question
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.nlu.heard import outside
from voiceskill.nlu.spotter import Span

Phrases = Mapping[str, tuple[str, ...]]

_NEAR_WORDS = 6
"""A denial reaches about so many words: "no pain at all in the chest"."""


class Denial:
    """Reads the no out of answers, with the words of one language."""

    def __init__(self, phrases: Phrases) -> None:
        """``phrases`` are those of phrases.yaml."""
        self._phrases = phrases

    def is_plain(self, words: str) -> bool:
        """Whether ``words`` (normalised) are a no in general: as a whole, by their beginning, or
        by their end."""
        as_a_whole = patterns(self._phrases["plain_no"]).matches(words)
        return as_a_whole or self._begins(words, "leading_no") or self._ends(words)

    def is_in_doubt(self, question: Question, words: str) -> bool:
        """Whether something in ``words`` may mean that a sign is there in spite of a no."""
        if self.is_good_news(words):
            return False
        if patterns(self._phrases["contradiction"]).matches(words):
            return True
        if outside(patterns(self._phrases["not_a_no"]).spans(words), self._harmless(words)):
            return True
        first = self._after_the_no(words)
        mentions = self._mentions(question, words)
        return any(not self._is_denied(words[first:start]) for start, _ in mentions)

    def is_good_news(self, words: str) -> bool:
        """Whether all of ``words`` says that what may have been asked about is well."""
        return patterns(self._phrases["all_well"]).matches(words)

    def negates(self, words: str) -> bool:
        """Whether ``words`` hold a no or a not at all."""
        return spotted(self._phrases["negators"], words)

    def is_about(self, question: Question, words: str) -> bool:
        """Whether ``words`` name something of what was asked."""
        return bool(self._mentions(question, words))

    def _mentions(self, question: Question, words: str) -> list[Span]:
        if not question.doubt:
            return []
        return outside(patterns(question.doubt).spans(words), self._harmless(words))

    def _harmless(self, words: str) -> list[Span]:
        return patterns(self._phrases["harmless"]).spans(words)

    def _after_the_no(self, words: str) -> int:
        """Where the answer goes on after a no in general; "no" in "no chest pain" is none."""
        if not self._begins(words, "leading_no"):
            return 0
        spans = patterns(self._phrases["answering_no"]).spans(words)
        return spans[0][1] if spans and spans[0][0] == 0 else 0

    def _begins(self, words: str, name: str) -> bool:
        spans = patterns(self._phrases[name]).spans(words)
        return bool(spans) and spans[0][0] == 0

    def _ends(self, words: str) -> bool:
        spans = patterns(self._phrases["trailing_no"]).spans(words)
        if not spans or spans[-1][1] != len(words):
            return False
        before = words[: spans[-1][0]].strip()
        return self.is_good_news(before) or self._begins(before, "denial_before")

    def _is_denied(self, before: str) -> bool:
        return self.negates(" ".join(before.split()[-_NEAR_WORDS:]))
