"""Notices, in any utterance, which side of the body is meant, and when the other one is."""

from __future__ import annotations

from voiceskill.content.labels import BodyPart, Intent, Side
from voiceskill.content.model import Content
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import State, Waiting
from voiceskill.dialogue.turn import Turn

COARSE = frozenset({BodyPart.LEG, BodyPart.ARM})
"""Said when no finer part is; no other muscle than the one in hand."""

_ABOUT_THE_CRAMP = frozenset(
    {Intent.CRAMP_NOW, Intent.START_STRETCH, Intent.START_TRIAGE, Intent.BODY_PART}
)
"""In these a side is that of the cramp, and no comparison."""


class Sides:
    """Keeps the side of the cramp up to date."""

    def __init__(self, content: Content, state: State) -> None:
        self._phrases = content.phrases
        self._state = state

    def notice(self, turn: Turn) -> None:
        """Take in what ``turn`` says about sides. The answer to a question compares them."""
        state, heard = self._state, turn.heard
        if state.waiting is Waiting.QUESTION and heard.intent not in _ABOUT_THE_CRAMP:
            return
        if heard.intent.is_question:
            return
        if self._is_new(heard.body_part):
            state.side, state.turned, state.both_sides = heard.side, False, False
        elif heard.side is not None and state.side is not None:
            turn.turns_over = heard.side is not state.side
        elif heard.side is not None:
            state.side = heard.side
        if spotted(self._phrases["both_sides"], turn.words):
            state.both_sides = True
        elif patterns(self._phrases["other_side"]).matches(turn.words):
            turn.turns_over = True

    def turn_over(self) -> None:
        """From now on the other side is meant."""
        state = self._state
        if state.side is not None:
            state.side = Side.RIGHT if state.side is Side.LEFT else Side.LEFT
        state.turned = not state.turned
        state.both_sides = False

    def _is_new(self, part: BodyPart | None) -> bool:
        known = self._state.part
        return part is not None and part is not known and (known is None or part not in COARSE)
