"""A whole conversation without sound, clock or thread: events in, replies out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from voiceskill.content.labels import BodyPart, Intent, Urgency
from voiceskill.content.model import Content
from voiceskill.dialogue.actions import Reply, Say
from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.asking import Asking
from voiceskill.dialogue.chooser import StretchChooser
from voiceskill.dialogue.coach import Coach
from voiceskill.dialogue.controls import Controls
from voiceskill.dialogue.corrections import Corrections
from voiceskill.dialogue.country import Country
from voiceskill.dialogue.emergency import Emergency
from voiceskill.dialogue.events import Event, Heard, HoldBroken, Silence, Unheard
from voiceskill.dialogue.expecting import expected
from voiceskill.dialogue.finding import Finding
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.idle import Idle
from voiceskill.dialogue.inferring import Inferring
from voiceskill.dialogue.interruption import Interruption
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.pausing import Pausing
from voiceskill.dialogue.remarking import Remarking
from voiceskill.dialogue.sides import Sides
from voiceskill.dialogue.speech import Speech
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.state import STRETCHING, State, Waiting
from voiceskill.dialogue.status import status_of
from voiceskill.dialogue.stretching import Stretching
from voiceskill.dialogue.surroundings import Surroundings
from voiceskill.dialogue.triage import Triage
from voiceskill.dialogue.turn import Turn
from voiceskill.dialogue.waits import Waits
from voiceskill.dialogue.weighing import without_good_news
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise

_LIKELY = (Heard("next"), Heard("no"), Heard("yes"), Silence())
"""What is said most often, whatever is waited for."""


_SAYS_NO_MORE = frozenset({Intent.NONE, Intent.REPORT_SYMPTOM, Intent.BODY_PART})
"""The intent of an utterance that names a country, and asks for nothing."""


class Understand(Protocol):
    """Gives text its meaning."""

    def __call__(self, text: str, expecting: frozenset[Intent] = frozenset()) -> Understanding:
        """The meaning of ``text``; ``expecting`` are intents that are likelier than others."""


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
        understand: Understand,
        *,
        region: str | None = None,
        rate_wpm: int = 145,
        sought_before: frozenset[BodyPart] = frozenset(),
    ) -> None:
        """``region`` as in regions.yaml, for the emergency number; ``rate_wpm`` is the rate that
        the voice starts with; ``sought_before`` are the parts that the same person sought help for
        earlier in the day."""
        self._content = content
        self._understand = understand
        self._state = state = State(
            region=region.upper() if region else None, sought_before=sought_before
        )
        self._last: list[Say] = []
        self._speech = Speech(content, state)
        self._levels = levels = Levels(content)
        self._surroundings = surroundings = Surroundings(content, state)
        self._interruption = Interruption(content, state, levels, surroundings)
        self._inferring = Inferring(content, state)
        self._sides = sides = Sides(content, state)
        self._country = country = Country(content, state)
        triage = Triage(content, state, levels)
        chooser = StretchChooser(content, state)
        advice = Advice(content, state, levels)
        answers = Answers(content, state, levels)
        self._waits = waits = Waits(state, advice)
        coach = Coach(content, state, chooser, waits)
        emergency = Emergency(content, state, levels, advice, country)
        flow = Flow(content, state, levels, triage, advice, emergency, chooser, coach, waits, sides)
        self._triage = triage
        self._flow = flow
        self._emergency = emergency
        self._controls = controls = Controls(
            state, waits, advice, coach, triage, Remarking(content), rate_wpm
        )
        self._pausing = Pausing(content, state, flow, answers, controls)
        self._asking = asking = Asking(content, state, levels, triage, flow, emergency, answers)
        self._corrections = Corrections(content, state, levels, triage, flow, asking)
        self._stretching = stretching = Stretching(
            content, state, coach, chooser, flow, answers, waits
        )
        self._finding = finding = Finding(content, state, flow, answers, waits)
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
        if isinstance(event, HoldBroken):
            self._state.has_held(event.held_s)
            if event.by:
                return self.handle(event.by, now)
            self._handlers[self._state.waiting].again(turn)
        elif isinstance(event, Heard):
            self._heard(turn, event.text)
            return self._reply(turn, turn.heard)
        elif isinstance(event, Unheard):
            self._unheard(turn)
        else:
            self._quiet(turn)
        return self._reply(turn, None)

    @property
    def sought(self) -> frozenset[BodyPart]:
        """The parts of the body that help was sought for: for ``sought_before`` of a later one."""
        return frozenset(self._state.sought)

    @property
    def region(self) -> str | None:
        """The country whose number is spoken, as it was set or as the person said."""
        return self._state.region

    @property
    def interruptions(self) -> tuple[str, ...]:
        """What people interrupt with, for the recogniser."""
        return self._content.phrases["listen_interrupt"]

    @property
    def early(self) -> tuple[str, ...]:
        """Which of that may be taken before the silence after it."""
        return self._content.phrases["early"]

    def interrupts(self, text: str, confidence: float, speaking: str) -> bool:
        """Whether what was heard while ``speaking`` was being said, with the recogniser's
        confidence (0 to 1), is worth stopping for."""
        return self._interruption.matters(self._meaning(text), confidence, speaking)

    def notice(self, prompt: str) -> Say:
        """A prompt about the assistant itself, outside the conversation."""
        return self._speech.prompt(prompt)

    def likely_next(self, now: float) -> Iterator[str]:
        """The sentences that the likeliest next events would bring, the likeliest first; worked
        out one event at a time, as they are asked for."""
        for event in _LIKELY:
            twin = Session(self._content, self._understand)
            vars(twin._state).update(vars(self._state.copy()))
            for action in twin.handle(event, now).actions:
                if isinstance(action, Say):
                    yield from action.sentences

    def _heard(self, turn: Turn, text: str) -> None:
        state = self._state
        turn.words = normalise(text)
        turn.heard = self._meaning(text, expected(state))
        self._asking.weigh(turn)
        self._stretching.weigh(turn)
        state.silences = 0
        state.assert_all(turn.heard.symptoms)
        state.deny_all(turn.heard.denied)
        was_paused, state.paused = state.paused, False
        self._surroundings.notice(turn)
        self._sides.notice(turn)
        self._country.notice(turn)
        if self._danger(turn):
            return
        if turn.place and state.waiting is not Waiting.EMERGENCY:
            self._flow.leave_place(turn)
            return
        if self._flow.may_spread(turn):
            return
        if self._corrections.take(turn):
            return
        handler = self._handlers[state.waiting]
        if was_paused and self._pausing.heard(turn, handler.again, self._last):
            return
        if state.waiting is Waiting.EMERGENCY:
            self._controls.adjust(turn)
        elif self._only_names_a_country(turn):
            turn.say("region_set")
            handler.again(turn)
            return
        elif not self._is_answered(turn) and self._controls.take(turn, handler.again, self._last):
            return
        misses = state.misses
        handler.heard(turn)
        # Whatever was made sense of starts the count of misses anew.
        if state.misses == misses:
            state.misses = 0
        self._last = turn.said

    def _meaning(self, text: str, expecting: frozenset[Intent] = frozenset()) -> Understanding:
        """What ``text`` means in this conversation."""
        words = normalise(text)
        heard = without_good_news(self._understand(text, expecting), words, self._content.phrases)
        heard = self._surroundings.with_injury(heard, words)
        return self._inferring.inferred(heard, words)

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
        declined = not found and spotted(self._content.phrases["no_ambulance"], turn.words)
        asked_for = turn.heard.intent is Intent.EMERGENCY and not self._emergency.hears_of_help(
            turn
        )
        if turn.alarm or (asked_for and not declined):
            level = Urgency.EMERGENCY
        state.raise_to(level)
        if level is Urgency.EMERGENCY and self._emergency.hears_it_is_gone(turn):
            return False
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

    def _is_answered(self, turn: Turn) -> bool:
        # "I'm out" of the water is no goodbye.
        if self._state.waiting is Waiting.PLACE:
            return self._finding.is_out(turn)
        return self._state.waiting is Waiting.QUESTION and self._asking.is_answered(turn)

    def _only_names_a_country(self, turn: Turn) -> bool:
        heard = turn.heard
        if not turn.country or heard.intent not in _SAYS_NO_MORE:
            return False
        return not heard.symptoms and heard.body_part is None

    def _turn(self, now: float) -> Turn:
        return Turn(self._content, self._speech, self._state, now)

    def _reply(self, turn: Turn, heard: Understanding | None) -> Reply:
        status = status_of(self._state, self._triage.current())
        return Reply(tuple(turn.actions), status, heard)
