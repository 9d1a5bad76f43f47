"""The emergency: the call first, then company until help comes."""

from __future__ import annotations

from collections.abc import Collection

from voiceskill.content.labels import Intent, Symptom, Urgency
from voiceskill.content.model import Content, Line
from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.state import State, Waiting
from voiceskill.dialogue.turn import EMERGENCY_S, OPEN_S, Turn
from voiceskill.stt.recognizer import Expect

MEANWHILE_AT_ONCE = 3
"""Lines said with the call; more than three things are not remembered."""

_FOR_ANYBODY = ("wait_sit", "wait_unlock")
"""What to do until help comes, where no symptom tells better."""

_WANTS_A_STRETCH = frozenset({Intent.CRAMP_NOW, Intent.START_STRETCH, Intent.BODY_PART})


class Emergency:
    """Begins an emergency and answers everything that is said in it."""

    def __init__(self, content: Content, state: State, advice: Advice, answers: Answers) -> None:
        self._content = content
        self._state = state
        self._advice = advice
        self._answers = answers

    def begin(self, turn: Turn, symptoms: Collection[Symptom], reason: Line | None = None) -> None:
        """Tell to call for help, because of ``symptoms``; whatever went on is given up."""
        state = self._state
        state.raise_to(Urgency.EMERGENCY)
        state.told = Urgency.EMERGENCY
        state.waiting = Waiting.EMERGENCY
        state.silences = 0
        state.check = state.run = state.offer = state.answer = None
        turn.line("outcome_emergency", self._content.outcomes[Urgency.EMERGENCY].action)
        if turn.place:
            state.place = turn.place
        if state.place:
            self._leave_the_place(turn)
        if reason is None and not symptoms:
            reason = self._content.prompts["emergency_reason"]
        self._advice.reason(turn, symptoms, reason)
        state.emergency_lines = self._lines(symptoms)
        self._say_meanwhile(turn, MEANWHILE_AT_ONCE)
        self._listen(turn)

    def heard(self, turn: Turn) -> None:
        """Answer what was said; the call comes first."""
        self._state.silences = 0
        intent = turn.heard.intent
        if spotted(self._content.phrases["false_alarm"], turn.words) or intent is Intent.BETTER:
            turn.say("emergency_stays")
            self._leave(turn)
        elif intent is Intent.STOP:
            turn.say("emergency_stop")
            self._leave(turn)
        elif intent is Intent.GOODBYE:
            turn.say("emergency_stop")
            self._state.waiting = Waiting.ENDED
            turn.end()
        elif self._help_is_called(turn):
            turn.say("emergency_called")
            self._say_meanwhile(turn, 1)
            self._listen(turn)
        elif intent.is_question:
            turn.say("emergency_repeat")
            self._answers.lines(turn)
            self._listen(turn)
        else:
            self._again(turn, refuses=intent in _WANTS_A_STRETCH)

    def missed(self, turn: Turn) -> None:
        """Something was said that nobody could make out."""
        self._again(turn)

    def quiet(self, turn: Turn) -> None:
        """Silence: the call again, then one last line."""
        self._state.silences += 1
        if self._state.silences == 1:
            self._again(turn)
            return
        turn.say("emergency_last")
        self._state.waiting = Waiting.ENDED
        turn.end()

    def again(self, turn: Turn) -> None:
        """Repeat what matters."""
        self._again(turn)

    def _lines(self, symptoms: Collection[Symptom]) -> list[tuple[str, Line]]:
        """What to do until help comes."""
        prompts, outcome = self._content.prompts, self._content.outcomes[Urgency.EMERGENCY]
        lines = self._advice.meanwhile(Urgency.EMERGENCY, symptoms)
        if len(lines) <= len(outcome.meanwhile):
            lines = [(name, prompts[name]) for name in _FOR_ANYBODY] + lines
        return [*lines, ("safety_net_emergency", outcome.safety_net)]

    def _again(self, turn: Turn, refuses: bool = False) -> None:
        turn.say("emergency_repeat")
        if refuses:
            turn.say("emergency_no_stretch")
        self._say_meanwhile(turn, 1)
        self._listen(turn)

    def _help_is_called(self, turn: Turn) -> bool:
        said_so = spotted(self._content.phrases["help_called"], turn.words)
        return said_so or turn.heard.intent is Intent.THANKS

    def _leave_the_place(self, turn: Turn) -> None:
        place = self._state.place
        if place:
            for line in place.lines[:-1]:
                turn.line(place.id, line)

    def _say_meanwhile(self, turn: Turn, count: int) -> None:
        """Say the next lines and put them at the end, so that they come round again."""
        lines = self._state.emergency_lines
        for name, line in lines[:count]:
            turn.line(name, line)
        self._state.emergency_lines = lines[count:] + lines[:count]

    def _leave(self, turn: Turn) -> None:
        self._state.waiting = Waiting.OPEN
        turn.listen(Expect.OPEN, "listen_open", OPEN_S)

    def _listen(self, turn: Turn) -> None:
        turn.listen(Expect.COMMAND, "listen_emergency", EMERGENCY_S)
