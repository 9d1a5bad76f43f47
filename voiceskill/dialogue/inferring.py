"""Adds to what was heard what the words mean for this part of the body and this person."""

from __future__ import annotations

from dataclasses import replace

from voiceskill.content.context import Inference
from voiceskill.content.labels import Intent
from voiceskill.content.model import Content
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.state import State
from voiceskill.nlu.meaning import Understanding


class Inferring:
    """Applies inferences.yaml in one conversation."""

    def __init__(self, content: Content, state: State) -> None:
        self._inferences = content.inferences
        self._state = state

    def inferred(self, heard: Understanding, words: str) -> Understanding:
        """``heard``, with the signs and the intent that the words have here."""
        for inference in self._inferences:
            if not self._fits(inference, heard, words):
                continue
            symptoms = (heard.symptoms | set(inference.adds)) - set(inference.drops)
            heard = replace(heard, symptoms=symptoms, intent=_intent(inference, heard))
        return heard

    def _fits(self, inference: Inference, heard: Understanding, words: str) -> bool:
        if heard.intent.is_question and not inference.in_questions:
            return False
        known = self._state.symptoms | heard.symptoms
        if inference.known and not known.intersection(inference.known):
            return False
        if inference.parts and not self._is_about(inference, heard):
            return False
        if inference.words and not spotted(inference.words, words):
            return False
        return not spotted(inference.unless, words)

    def _is_about(self, inference: Inference, heard: Understanding) -> bool:
        # What was only named before counts where words say what is new about it.
        before = self._state.part if inference.words else None
        return heard.body_part in inference.parts or before in inference.parts


def _intent(inference: Inference, heard: Understanding) -> Intent:
    if inference.intent:
        return inference.intent
    says_something = heard.intent is Intent.NONE and inference.adds
    return Intent.REPORT_SYMPTOM if says_something else heard.intent
