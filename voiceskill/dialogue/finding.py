"""Takes what is said, or not said, while the person gets safe, or while we ask where it cramps."""

from __future__ import annotations

from voiceskill.content.labels import Intent
from voiceskill.content.model import Content
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import State, Waiting
from voiceskill.dialogue.turn import Turn
from voiceskill.dialogue.waits import Waits

_IS_SAFE = frozenset({Intent.NEXT, Intent.RESUME})

TRIES = 2
"""Further wordings before we go on without an answer."""


class Finding:
    """Handles the two things that come before the questions: a safe place, and the muscle."""

    def __init__(
        self, content: Content, state: State, flow: Flow, answers: Answers, waits: Waits
    ) -> None:
        self._phrases = content.phrases
        self._state = state
        self._flow = flow
        self._answers = answers
        self._waits = waits

    def heard(self, turn: Turn) -> None:
        """A safe place, or the name of a muscle."""
        if self._state.waiting is Waiting.PLACE:
            self._place(turn)
        else:
            self._where(turn)

    def missed(self, turn: Turn) -> None:
        """Something was said that nobody could make out."""
        if self._state.waiting is Waiting.PLACE:
            self._state.misses += 1
            self._waits.still_there(turn, self._state.misses)
            return
        self._state.misses += 1
        self._ask_again(turn, self._state.misses)

    def quiet(self, turn: Turn) -> None:
        """Nobody answers: once or twice more, then the safe close."""
        self._state.silences += 1
        if self._state.silences > TRIES:
            self._waits.safe_close(turn)
        elif self._state.waiting is Waiting.PLACE:
            self._waits.still_there(turn, self._state.silences)
        else:
            self._ask_again(turn, self._state.silences)

    def again(self, turn: Turn) -> None:
        """Say again what is waited for."""
        if self._state.waiting is Waiting.PLACE:
            self._waits.say_place(turn)
        else:
            self._waits.ask_where(turn)

    def is_out(self, turn: Turn) -> bool:
        """Whether they say so: "okay, I'm on my back" is still in the water."""
        place, words = self._state.place, turn.words
        if spotted(self._phrases["not_left"], words):
            return False
        if spotted(self._phrases["safe_now"], words) or (place and spotted(place.left, words)):
            return True
        is_nod = patterns(self._phrases["nods"]).matches(words)
        return turn.heard.intent in _IS_SAFE and not is_nod

    def _place(self, turn: Turn) -> None:
        self._flow.take_part(turn.heard.body_part)
        if not self.is_out(turn):
            self.missed(turn)
            return
        self._state.place = None
        turn.say("place_done")
        self._flow.relief(turn)

    def _where(self, turn: Turn) -> None:
        intent = turn.heard.intent
        if turn.heard.body_part and not intent.is_question:
            self._flow.relief(turn, first_words=False)
        elif intent is Intent.START_TRIAGE:
            self._flow.check(turn)
        elif intent.is_question and self._answers.lines(turn):
            self._waits.ask_where(turn)
        elif intent is Intent.UNSURE:
            self._without_a_part(turn)
        elif intent is Intent.BETTER:
            turn.say("glad_open")
            self._waits.listen_open(turn)
        elif turn.moved:
            self._waits.ask_where(turn)
        else:
            self.missed(turn)

    def _ask_again(self, turn: Turn, times: int) -> None:
        if times > TRIES:
            self._without_a_part(turn)
            return
        self._waits.ask_where(turn, f"where_again_{times}")

    def _without_a_part(self, turn: Turn) -> None:
        """The muscle stays unknown: no stretch, but danger can be ruled out."""
        turn.say("where_unknown")
        self._flow.check(turn, intro=False)
