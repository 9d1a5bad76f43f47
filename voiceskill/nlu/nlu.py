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
from voiceskill.nlu.sign_features import features
from voiceskill.nlu.sign_model import SignModel
from voiceskill.nlu.stages import ExactStage, ModelStage, NearStage, Stage
from voiceskill.nlu.symptoms import is_harmless, most_specific

MODEL_NAME = "model.npz"
"""The trained model of intents, beside the templates."""
SIGNS_NAME = "signs.npz"
"""The trained model of warning signs, beside it."""
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
        a model when it cannot be read."""
        self._content = content
        self._levels = levels
        self._listener = Listener(content, levels)
        self._stages: tuple[Stage, ...] = (
            ExactStage(content),
            NearStage(content),
            ModelStage(LinearModel.load(content.folder / MODEL_NAME)),
        )
        self._sign_model = SignModel.load(content.folder / SIGNS_NAME)

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
        present = self._signs(piece)
        found = Understanding(
            text,
            intent=intent,
            symptoms=present,
            denied=piece.denied,
            confidence=min(confidence, _MISHEARD_CONFIDENCE) if piece.misheard else confidence,
        )
        only_denied = intent in _ANSWERS and piece.denied and not present
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

    def _signs(self, piece: Piece) -> frozenset[Symptom]:
        """What is present: templates and the model mend each other's mistakes, but the model
        asserts nothing that the speaker denies, and no danger in what is known to be none."""
        if self._only_names_a_part(piece):
            return piece.present
        judged = self._sign_model.present(features(piece.heard, piece.covers), piece.present)
        idioms = {
            sign
            for sign in judged - piece.present
            if self._levels.get(sign) is Urgency.EMERGENCY and is_harmless(piece.heard, sign)
        }
        return most_specific(judged - piece.denied - idioms, self._content.symptoms)

    def _only_names_a_part(self, piece: Piece) -> bool:
        """Whether it is "my chest" and the like, the answer to "where?": nothing is said of it."""
        named = [span for span, _ in piece.parts]
        if not named:
            return False
        text = piece.heard.text
        for start, end in named:
            text = text[:start] + " " * (end - start) + text[end:]
        return all(word in self._content.polite.extra for word in text.split())

    def _urgency(self, present: frozenset[Symptom]) -> Urgency | None:
        levels = [level for symptom in present if (level := self._levels.get(symptom))]
        return max(levels, key=_URGENCY_ORDER.index, default=None)
