"""The words that work anywhere: slower, louder, repeat, pause, help, stop, goodbye."""

from __future__ import annotations

from collections.abc import Callable

from voiceskill.content.labels import Intent
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.coach import Coach
from voiceskill.dialogue.remarking import Remarking
from voiceskill.dialogue.state import STRETCHING, State, Waiting
from voiceskill.dialogue.triage import Triage
from voiceskill.dialogue.turn import PAUSE_S, Turn
from voiceskill.dialogue.waits import Waits
from voiceskill.stt.recognizer import Expect

RATE_STEP_WPM = 15
SLOWEST_WPM = 110
FASTEST_WPM = 190
"""Listeners of any age follow speech between these."""

GAIN_STEP_DB = 4.0
QUIETEST_DB = -12.0
LOUDEST_DB = 12.0

_HELP = {
    Waiting.OPEN: "help_idle",
    Waiting.PLACE: "help_place",
    Waiting.WHERE: "help_where",
    Waiting.STEP: "help_stretch",
    Waiting.HOLD: "help_stretch",
    Waiting.CHECK_IN: "help_check_in",
    Waiting.POSITION: "help_question",
    Waiting.OTHER_SIDE: "help_question",
    Waiting.QUESTION: "help_question",
}

_ENDS_IN_A_QUESTION = frozenset({Waiting.WHERE, Waiting.CHECK_IN})
"""Here the help asks the question itself, in its own words."""


class Controls:
    """Handles control words in every state but an emergency."""

    def __init__(
        self,
        state: State,
        waits: Waits,
        advice: Advice,
        coach: Coach,
        triage: Triage,
        remarking: Remarking,
        rate_wpm: int,
    ) -> None:
        self._state = state
        self._waits = waits
        self._advice = advice
        self._coach = coach
        self._triage = triage
        self._remarking = remarking
        self._rate_wpm = rate_wpm
        self._gain_db = 0.0

    def take(self, turn: Turn, again: Callable[[Turn], None], last: list[Say]) -> bool:
        """Do what a control word asks; False when it was none.

        ``again`` says what is waited for once more; ``last`` is what was said last.
        """
        intent = turn.heard.intent
        if self._remarking.answer(turn, self._state.urgency):
            self._wait_on(turn, again)
        elif self.adjust(turn) or intent is Intent.REPEAT:
            self._replay(turn, again, last)
        elif intent is Intent.HELP:
            self._help(turn, again)
        elif intent is Intent.TIME_LEFT:
            self._time_left(turn, again)
        elif intent is Intent.PAUSE:
            self.pause(turn)
        elif intent is Intent.STOP:
            self._stop(turn)
        elif intent is Intent.GOODBYE:
            self._goodbye(turn)
        elif intent is Intent.THANKS:
            turn.say("welcome")
            self._wait_on(turn, again)
        elif intent is Intent.GREET:
            turn.say("greeting_again")
            again(turn)
        else:
            return False
        return True

    def adjust(self, turn: Turn) -> bool:
        """Slower, faster, louder, quieter; False when it was none of them."""
        intent = turn.heard.intent
        if intent is Intent.SLOWER:
            self._set_rate(turn, self._rate_wpm - RATE_STEP_WPM, "slowest")
        elif intent is Intent.FASTER:
            self._set_rate(turn, self._rate_wpm + RATE_STEP_WPM, "fastest")
        elif intent is Intent.LOUDER:
            self._set_gain(turn, self._gain_db + GAIN_STEP_DB, "loudest")
        elif intent is Intent.QUIETER:
            self._set_gain(turn, self._gain_db - GAIN_STEP_DB, "quietest")
        else:
            return False
        return True

    def pause(self, turn: Turn, prompt: str = "paused") -> None:
        """Wait for a minute; where we are is kept."""
        self._state.paused = True
        turn.say(prompt)
        turn.listen(Expect.COMMAND, "listen_paused", PAUSE_S)

    def _set_rate(self, turn: Turn, wpm: int, limit: str) -> None:
        if not SLOWEST_WPM <= wpm <= FASTEST_WPM:
            turn.say(limit)
            return
        self._rate_wpm = wpm
        turn.adjust(rate_wpm=wpm)

    def _set_gain(self, turn: Turn, gain_db: float, limit: str) -> None:
        if not QUIETEST_DB <= gain_db <= LOUDEST_DB:
            turn.say(limit)
            return
        self._gain_db = gain_db
        turn.adjust(gain_db=gain_db)

    def _replay(self, turn: Turn, again: Callable[[Turn], None], last: list[Say]) -> None:
        if self._state.waiting is not Waiting.OPEN or not last:
            again(turn)
            return
        turn.actions.extend(last)
        self._waits.listen_open(turn)

    def _help(self, turn: Turn, again: Callable[[Turn], None]) -> None:
        waiting = self._state.waiting
        turn.say(_HELP[waiting])
        if waiting is Waiting.WHERE:
            turn.listen_for_part()
        elif waiting is Waiting.CHECK_IN:
            turn.actions.pop()
            self._coach.check_in(turn, "help_check_in")
        else:
            self._wait_on(turn, again)

    def _time_left(self, turn: Turn, again: Callable[[Turn], None]) -> None:
        state = self._state
        if state.waiting is Waiting.HOLD:
            seconds = round(self._coach.seconds_left)
            turn.say("seconds_left", seconds=turn.speech.in_words(seconds))
        elif state.waiting is Waiting.STEP and state.run:
            self._say_steps(turn, len(state.run.stretch.steps) - state.run.step - 1)
        elif state.waiting is Waiting.QUESTION:
            self._say_questions(turn)
        else:
            turn.say("nothing_counted")
        self._wait_on(turn, again)

    def _say_questions(self, turn: Turn) -> None:
        left = self._triage.left()
        if left > 1:
            turn.say("questions_left", steps=turn.speech.in_words(left))
        else:
            turn.say("last_question")

    def _say_steps(self, turn: Turn, left: int) -> None:
        if left == 0:
            turn.say("last_step")
        elif left == 1:
            turn.say("one_step_left")
        else:
            turn.say("steps_left", steps=turn.speech.in_words(left))

    def _wait_on(self, turn: Turn, again: Callable[[Turn], None]) -> None:
        """Wait on; only a question is asked again, so that it still ends the turn."""
        waiting = self._state.waiting
        if self._state.paused:
            again(turn)
        elif waiting is Waiting.OPEN:
            self._waits.listen_open(turn)
        elif waiting is Waiting.PLACE:
            self._waits.wait_for_safety(turn)
        elif waiting in (Waiting.STEP, Waiting.HOLD):
            self._coach.wait_on(turn)
        else:
            again(turn)

    def _stop(self, turn: Turn) -> None:
        state = self._state
        if state.waiting in STRETCHING:
            turn.say("stretch_stopped")
        elif state.waiting is Waiting.QUESTION:
            turn.say("check_stopped")
            self._advice.safety_net(turn)
        else:
            turn.say("stopped")
        state.run = state.check = state.offer = state.answer = state.place = None
        self._waits.listen_open(turn)

    def _goodbye(self, turn: Turn) -> None:
        self._advice.safety_net(turn)
        turn.say("goodbye")
        self._state.waiting = Waiting.ENDED
        turn.end()
