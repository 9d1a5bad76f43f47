"""Text of one utterance in, meaning out. Pure: no clock, no file, no device, and it never raises
on any text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voiceskill.content.labels import Intent, Symptom, Urgency
from voiceskill.nlu import body
from voiceskill.nlu.content import NluContent
from voiceskill.nlu.linear_model import LinearModel
from voiceskill.nlu.listener import Listener, Piece
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.stages import ExactStage, ModelStage, NearStage, Stage

MODEL_NAME = "model.npz"
"""The trained model, beside the templates."""
_MISHEARD_CONFIDENCE = 0.55
"""At most, where a word was taken for another: the dialogue may ask back."""
_ANSWERS = (Intent.NO, Intent.REPORT_SYMPTOM)
"""In these a body part that is only denied ("no chest pain") is not what the talk is about."""
_URGENCY_ORDER = (Urgency.SELF_CARE, Urgency.APPOINTMENT, Urgency.DOCTOR_NOW, Urgency.EMERGENCY)
_NOTHING_EXPECTED: frozenset[Intent] = frozenset()


class Nlu:
    """Understands one utterance at a time, without any dialogue state."""

    def __init__(self, content: NluContent, levels: Mapping[Symptom, Urgency | None]) -> None:
        """``levels`` is how urgent each symptom is. Raises ContentError naming a bad template, or
        the model when it cannot be read."""
        self._content = content
        self._levels = levels
        self._listener = Listener(content, levels)
        self._stages: tuple[Stage, ...] = (
            ExactStage(content),
            NearStage(content),
            ModelStage(LinearModel.load(content.folder / MODEL_NAME)),
        )

    def understand(
        self, text: str, expecting: frozenset[Intent] = _NOTHING_EXPECTED
    ) -> Understanding:
        """The meaning of ``text``, which may be anything at all.

        ``expecting`` are intents that what was said before makes likelier; others stay possible.
        """
        pieces = [self._meaning(text, piece, expecting) for piece in self._listener.listen(text)]
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

    def _meaning(self, text: str, piece: Piece, expecting: frozenset[Intent]) -> Understanding:
        intent, confidence = self._intent(piece, expecting)
        found = Understanding(
            text,
            intent=intent,
            symptoms=piece.present,
            denied=piece.denied,
            confidence=min(confidence, _MISHEARD_CONFIDENCE) if piece.misheard else confidence,
        )
        only_denied = intent in _ANSWERS and piece.denied and not piece.present
        if intent is Intent.NONE or only_denied:
            return found
        return replace(
            found,
            body_part=body.find_part(piece.parts, self._content.body, piece.covers),
            side=body.find_side(piece.heard, bool(piece.parts)),
        )

    def _intent(self, piece: Piece, expecting: frozenset[Intent]) -> tuple[Intent, float]:
        """What the first stage that knows says, and how sure it is."""
        for stage in self._stages:
            found = stage.intent(piece.heard, expecting)
            if found is not None:
                return found
        return Intent.NONE, 0.0

    def _urgency(self, present: frozenset[Symptom]) -> Urgency | None:
        levels = [level for symptom in present if (level := self._levels.get(symptom))]
        return max(levels, key=_URGENCY_ORDER.index, default=None)
