"""Takes what is said in a pause, which ends when somebody wants to go on, not at any remark."""

from __future__ import annotations

from collections.abc import Callable

from voiceskill.content.labels import Intent
from voiceskill.content.model import Content
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.controls import Controls
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.state import STRETCHING, State, Waiting
from voiceskill.dialogue.turn import Turn

_GOES_ON = frozenset({Intent.RESUME, Intent.NEXT})

_IS_THERE = frozenset({Intent.YES, Intent.GREET, Intent.REPEAT})
"""Enough to ask a question once more, not to count a hold: it may answer "Are you still there?"."""

_NOT_YET = _IS_THERE | {Intent.NONE, Intent.NO, Intent.UNSURE, Intent.SAME, Intent.HELP}
"""Told how to go on. No "no" of a pause is one to what was asked before it."""

_ASIDES = frozenset(
    {
        Intent.PAUSE,
        Intent.THANKS,
        Intent.TIME_LEFT,
        Intent.SLOWER,
        Intent.FASTER,
        Intent.LOUDER,
        Intent.QUIETER,
    }
)
_COMPLAINTS = frozenset({Intent.REPORT_SYMPTOM, Intent.CRAMP_NOW, Intent.BODY_PART})
"""Answered in the middle of a stretch; to a question they may be the answer."""


class Pausing:
    """Handles the words of a pause."""

    def __init__(
        self, content: Content, state: State, flow: Flow, answers: Answers, controls: Controls
    ) -> None:
        self._phrases = content.phrases
        self._state = state
        self._flow = flow
        self._answers = answers
        self._controls = controls

    def heard(self, turn: Turn, again: Callable[[Turn], None], last: list[Say]) -> bool:
        """Go on, or answer and stay paused; False when more is said than that, which ends it.

        ``again`` says what is waited for once more; ``last`` is what was said last.
        """
        intent = turn.heard.intent
        if self._goes_on(turn) or (intent in _IS_THERE and not self._is_doing):
            again(turn)
            return True
        if not self._is_aside(turn):
            return False
        self._state.paused = True
        if intent in _GOES_ON:
            self._remind(turn)
            return True
        if intent in _ASIDES:
            return self._controls.take(turn, self._remind, last)
        if intent.is_question:
            self._answers.lines(turn)
        elif turn.heard.symptoms:
            turn.say("noted")
        elif self._is_doing and spotted(self._phrases["ouch"], turn.words):
            turn.say("ease_off")
        self._remind(turn)
        return True

    def _goes_on(self, turn: Turn) -> bool:
        """Whether somebody wants to: "yes, resume", but not "not ready to go on"."""
        if spotted(self._phrases["not_going_on"], turn.words):
            return False
        says_yes = turn.heard.intent is Intent.YES and spotted(self._phrases["goes_on"], turn.words)
        return says_yes or turn.heard.intent in _GOES_ON

    def _is_aside(self, turn: Turn) -> bool:
        """Whether it asks for nothing that ends the pause."""
        intent, waiting = turn.heard.intent, self._state.waiting
        if spotted(self._phrases["hurts"], turn.words) or turn.moved or turn.turns_over:
            return False
        if waiting is Waiting.OPEN:
            return intent in _NOT_YET
        if intent in _COMPLAINTS:
            return waiting in STRETCHING and not self._begins_anew(turn)
        return intent in _GOES_ON | _NOT_YET | _ASIDES or intent.is_question

    def _begins_anew(self, turn: Turn) -> bool:
        """Whether another muscle cramps."""
        cramps = turn.heard.intent is not Intent.REPORT_SYMPTOM
        return cramps and self._flow.is_another_part(turn.heard.body_part)

    @property
    def _is_doing(self) -> bool:
        """Whether something is being done, not asked."""
        return self._state.waiting in (Waiting.STEP, Waiting.HOLD)

    def _remind(self, turn: Turn) -> None:
        self._controls.pause(turn, "paused_reminder")
