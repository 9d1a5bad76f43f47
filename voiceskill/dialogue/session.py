"""A whole conversation without sound, clock or thread: events in, replies out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceskill.content.labels import Intent, Urgency
from voiceskill.content.model import Content
from voiceskill.dialogue.actions import Reply, Say
from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.asking import Asking
from voiceskill.dialogue.chooser import StretchChooser
from voiceskill.dialogue.coach import Coach
from voiceskill.dialogue.controls import Controls
from voiceskill.dialogue.emergency import Emergency
from voiceskill.dialogue.events import Event, Heard, Unheard
from voiceskill.dialogue.finding import Finding
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.idle import Idle
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.speech import Speech
from voiceskill.dialogue.state import STRETCHING, State, Waiting
from voiceskill.dialogue.status import status_of
from voiceskill.dialogue.stretching import Stretching
from voiceskill.dialogue.surroundings import Surroundings
from voiceskill.dialogue.triage import Triage
from voiceskill.dialogue.turn import Turn
from voiceskill.dialogue.waits import Waits
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise

_RESUMES = frozenset({Intent.RESUME, Intent.NEXT, Intent.YES, Intent.GREET})


class Handler(Protocol):
    """Takes the events while one kind of thing is waited for; each method ends the reply."""

    def heard(self, turn: Turn) -> None:
        """Something was said."""

    def missed(self, turn: Turn) -> None:
        """Something was said that could not be made out."""

    def quiet(self, turn: Turn) -> None:
        """The time-out ran out without a word."""

    def again(self, turn: Turn) -> None:
        """Say once more what is waited for."""


class Session:
    """One conversation. Pure: time is an argument, nothing waits, nothing is random."""

    def __init__(
        self,
        content: Content,
        understand: Callable[[str], Understanding],
        *,
        region: str | None = None,
        rate_wpm: int = 145,
    ) -> None:
        """``region`` as in regions.yaml, for the emergency number; ``rate_wpm`` is the rate that
        the voice starts with."""
        self._content = content
        self._understand = understand
        self._state = state = State()
        self._last: list[Say] = []
        self._speech = Speech(content, state, region)
        self._levels = levels = Levels(content)
        self._surroundings = Surroundings(content, state)
        triage = Triage(content, state, levels)
        chooser = StretchChooser(content, state)
        advice = Advice(content, state, levels)
        answers = Answers(content, state, levels)
        self._waits = waits = Waits(state, advice)
        coach = Coach(content, state, chooser, waits)
        emergency = Emergency(content, state, advice, answers)
        flow = Flow(content, state, levels, triage, advice, emergency, chooser, coach, waits)
        self._triage = triage
        self._flow = flow
        self._emergency = emergency
        self._controls = Controls(state, waits, advice, coach, rate_wpm)
        asking = Asking(content, state, levels, triage, flow, emergency, answers)
        stretching = Stretching(content, state, coach, chooser, flow, answers, waits)
        finding = Finding(content, state, flow, answers, waits)
        self._handlers: dict[Waiting, Handler] = {
            Waiting.OPEN: Idle(content, state, levels, flow, answers, advice, waits),
            Waiting.PLACE: finding,
            Waiting.WHERE: finding,
            Waiting.QUESTION: asking,
            Waiting.EMERGENCY: emergency,
            **dict.fromkeys(STRETCHING, stretching),
        }

    def start(self, now: float) -> Reply:
        """The greeting. ``now`` in seconds, of any clock that only goes forward."""
        turn = self._turn(now)
        turn.say("greeting")
        self._waits.listen_open(turn)
        self._last = turn.said
        return self._reply(turn, None)

    def handle(self, event: Event, now: float) -> Reply:
        """Answer one event."""
        turn = self._turn(now)
        if self._state.waiting is Waiting.ENDED:
            turn.say("ended")
            turn.end()
            return self._reply(turn, None)
        self._state.answering, self._state.outcome = False, None
        if isinstance(event, Heard):
            self._heard(turn, event.text)
            return self._reply(turn, turn.heard)
        if isinstance(event, Unheard):
            self._unheard(turn)
        else:
            self._quiet(turn)
        return self._reply(turn, None)

    def _heard(self, turn: Turn, text: str) -> None:
        state = self._state
        turn.heard = self._understand(text)
        turn.words = normalise(text)
        state.silences = 0
        state.assert_all(turn.heard.symptoms)
        state.deny_all(turn.heard.denied)
        was_paused, state.paused = state.paused, False
        self._surroundings.notice(turn)
        if self._danger(turn):
            return
        if turn.place and state.waiting is not Waiting.EMERGENCY:
            self._flow.leave_place(turn)
            return
        if was_paused and self._back_from_pause(turn):
            return
        handler = self._handlers[state.waiting]
        if state.waiting is Waiting.EMERGENCY:
            self._controls.adjust(turn)
        elif self._controls.take(turn, handler.again, self._last):
            return
        misses = state.misses
        handler.heard(turn)
        # Whatever was made sense of starts the count of misses anew.
        if state.misses == misses:
            state.misses = 0
        self._last = turn.said

    def _unheard(self, turn: Turn) -> None:
        if self._state.paused:
            self._controls.pause(turn, "paused_reminder")
            return
        self._handlers[self._state.waiting].missed(turn)

    def _quiet(self, turn: Turn) -> None:
        """A silence ran out, or a hold was counted to its end."""
        state = self._state
        if not state.paused:
            self._handlers[state.waiting].quiet(turn)
            return
        state.silences += 1
        if state.silences > 1:
            self._waits.safe_close(turn)
        else:
            self._controls.pause(turn, "still_there")

    def _danger(self, turn: Turn) -> bool:
        """Before any intent: is there a sign of danger in what was said?"""
        state, found = self._state, turn.heard.symptoms
        level = self._levels.level(found, state.symptoms)
        if turn.heard.intent is Intent.EMERGENCY:
            level = Urgency.EMERGENCY
        state.raise_to(level)
        if level is Urgency.EMERGENCY:
            self._flow.take_part(turn.heard.body_part)
            self._emergency.begin(turn, found)
            return True
        is_news = not found <= state.announced
        if level is not Urgency.DOCTOR_NOW or not is_news or turn.place:
            return False
        # While they call for help, drive or swim, people are asked nothing; it is remembered.
        if state.waiting in (Waiting.EMERGENCY, Waiting.PLACE):
            return False
        self._flow.danger(turn, found)
        return True

    def _back_from_pause(self, turn: Turn) -> bool:
        intent = turn.heard.intent
        if intent is Intent.NONE:
            self._controls.pause(turn, "paused_reminder")
            return True
        if intent not in _RESUMES:
            return False
        self._handlers[self._state.waiting].again(turn)
        return True

    def _turn(self, now: float) -> Turn:
        return Turn(self._content, self._speech, self._state, now)

    def _reply(self, turn: Turn, heard: Understanding | None) -> Reply:
        status = status_of(self._state, self._triage.current())
        return Reply(tuple(turn.actions), status, heard)
