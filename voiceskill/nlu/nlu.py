"""Text of one utterance in, meaning out. Pure: no clock, no file, no device, and it never raises
on any text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voiceskill.content.labels import Intent, Symptom, Urgency
from voiceskill.nlu import body, scope, symptoms
from voiceskill.nlu.content import NluContent
from voiceskill.nlu.heard import Heard
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.mishearing import Mishearings
from voiceskill.nlu.normalise import sentences
from voiceskill.nlu.spotter import Spotter
from voiceskill.nlu.stages import Candidate, ExactStage, NearStage, RuleStage, Stage

_WINDOW_WORDS = 80
"""Longer talk is read piece by piece: the time stays linear and danger at the end is not lost."""
_OVERLAP_WORDS = 20
"""A sign that lies across the edge of two pieces is whole in one of them."""
_NONE_CONFIDENCE = 0.2
_MISHEARD_CONFIDENCE = 0.55
"""At most, where a word was taken for another: the dialogue may ask back."""
_ANSWERS = (Intent.NO, Intent.REPORT_SYMPTOM)
"""In these a body part that is only denied ("no chest pain") is not what the talk is about."""
_URGENCY_ORDER = (Urgency.SELF_CARE, Urgency.APPOINTMENT, Urgency.DOCTOR_NOW, Urgency.EMERGENCY)


class Nlu:
    """Understands one utterance at a time, without any dialogue state."""

    def __init__(self, content: NluContent, levels: Mapping[Symptom, Urgency | None]) -> None:
        """``levels`` is how urgent each symptom is. Raises ContentError naming a bad template."""
        self._content = content
        self._levels = levels
        self._mishearings = Mishearings(content)
        self._spotter = Spotter(dict(self._named_words()), content.rules)
        self._stages: tuple[Stage, ...] = (
            ExactStage(content),
            RuleStage(content),
            NearStage(content),
        )

    def understand(self, text: str) -> Understanding:
        """The meaning of ``text``, which may be anything at all."""
        pieces = [self._piece(text, heard, misheard) for heard, misheard in self._heard(text)]
        if not pieces:
            return Understanding(text=text)
        main = next((piece for piece in pieces if piece.intent is not Intent.NONE), pieces[0])
        present = frozenset[Symptom]().union(*(piece.symptoms for piece in pieces))
        denied = frozenset[Symptom]().union(*(piece.denied for piece in pieces)) - present
        return Understanding(
            text=text,
            intent=main.intent,
            body_part=main.body_part,
            side=main.side,
            symptoms=present,
            denied=denied,
            urgency=self._urgency(present),
            confidence=main.confidence,
        )

    def _named_words(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from RuleStage.named_words(self._content)
        yield from symptoms.named_words(self._content.symptoms)
        yield from scope.named_words(self._content.scopes)
        yield from body.named_words(self._content.body)
        yield from self._mishearings.named_words()

    def _heard(self, text: str) -> Iterator[tuple[Heard, bool]]:
        """The pieces of the utterance, and whether a word in them was taken for another."""
        for piece, ends in _windows(sentences(text)):
            spotted = self._spotter.spot(piece)
            meant = self._mishearings.mend(piece, spotted)
            if meant == piece:
                yield Heard(piece, ends, spotted), False
            else:
                yield Heard(meant, (), self._spotter.spot(meant)), True

    def _piece(self, text: str, heard: Heard, misheard: bool) -> Understanding:
        covers = scope.covers(heard, self._content.scopes)
        present, denied = symptoms.find_symptoms(heard, self._content.symptoms, covers)
        parts = body.part_spans(heard, self._content.body)
        self._note(heard, present, denied, has_part=bool(parts))
        best = self._best(heard)
        if best is None:
            return Understanding(text, symptoms=present, denied=denied, confidence=_NONE_CONFIDENCE)
        score = min(best.score, _MISHEARD_CONFIDENCE) if misheard else best.score
        only_denied = best.intent in _ANSWERS and denied and not present
        if best.intent is Intent.NONE or only_denied:
            return Understanding(
                text, intent=best.intent, symptoms=present, denied=denied, confidence=score
            )
        return Understanding(
            text,
            intent=best.intent,
            body_part=body.find_part(parts, self._content.body, covers),
            side=body.find_side(heard, bool(parts)),
            symptoms=present,
            denied=denied,
            confidence=score,
        )

    def _note(
        self,
        heard: Heard,
        present: frozenset[Symptom],
        denied: frozenset[Symptom],
        has_part: bool,
    ) -> None:
        """Add what was found out to what was spotted, under names that the rules can use."""
        whole = [(0, len(heard.text))]
        for symptom in present:
            heard.spotted[f"present {symptom.value}"] = whole
            level = self._levels.get(symptom)
            heard.spotted[f"present level {level.value}" if level else "present context"] = whole
            if level:
                heard.spotted["present sign"] = whole
        if denied:
            heard.spotted["denied sign"] = whole
        if has_part:
            heard.spotted["any part"] = whole

    def _best(self, heard: Heard) -> Candidate | None:
        """The surest candidate; of equally sure ones the first rule in the file."""
        found = [candidate for stage in self._stages for candidate in stage.candidates(heard)]
        return max(found, key=lambda candidate: candidate.score, default=None)

    def _urgency(self, present: frozenset[Symptom]) -> Urgency | None:
        levels = [level for symptom in present if (level := self._levels.get(symptom))]
        return max(levels, key=_URGENCY_ORDER.index, default=None)


def _windows(parts: list[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Pieces of at most ``_WINDOW_WORDS`` words, with where sentences end in them."""
    words: list[str] = []
    ends: set[int] = set()
    for part in parts:
        words += part.split()
        ends.add(len(words))
    for first in range(0, len(words), _WINDOW_WORDS - _OVERLAP_WORDS):
        if first and first + _OVERLAP_WORDS >= len(words):
            return
        window = words[first : first + _WINDOW_WORDS]
        lengths = [
            len(" ".join(window[: end - first]))
            for end in sorted(ends)
            if first < end < first + len(window)
        ]
        yield " ".join(window), tuple(length + 1 for length in lengths)
