"""How urgent symptoms and questions are, by the data of prompts/."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from voiceskill.content.labels import Symptom, Urgency, highest
from voiceskill.content.model import Content, Question


class Levels:
    """Looks up urgency; knows no conversation."""

    def __init__(self, content: Content) -> None:
        self._symptoms = content.symptoms

    def level(self, found: Iterable[Symptom], known: Collection[Symptom]) -> Urgency | None:
        """Level that ``found`` calls for, combinations with all ``known`` ones included."""
        return highest(*(self._one(symptom, known) for symptom in found))

    def worst(self, found: Collection[Symptom], known: Collection[Symptom]) -> Symptom | None:
        """The most urgent of ``found`` that has a level, the first of symptoms.yaml; or None."""
        levels = {symptom: self._one(symptom, known) for symptom in self._symptoms}
        graded = {symptom: level for symptom, level in levels.items() if level and symptom in found}
        return max(graded, key=lambda symptom: graded[symptom].rank, default=None)

    def question(self, question: Question) -> Urgency | None:
        """Level that the asserting answer calls for: that of one of the signs, not of all."""
        return highest(question.level, self.level(question.asserts, ()))

    def forbids_stretch(self, symptoms: Iterable[Symptom]) -> bool:
        """Whether one of the symptoms rules out any stretch or massage."""
        return any(
            self._symptoms[symptom].forbids_stretch
            or self._symptoms[symptom].level is Urgency.EMERGENCY
            for symptom in symptoms
        )

    def _one(self, symptom: Symptom, known: Collection[Symptom]) -> Urgency | None:
        content = self._symptoms[symptom]
        together = [level for other, level in content.levels_with.items() if other in known]
        # A combination may be written down with either of its two symptoms.
        together += [
            self._symptoms[other].levels_with[symptom]
            for other in known
            if symptom in self._symptoms[other].levels_with
        ]
        return highest(content.level, *together)
