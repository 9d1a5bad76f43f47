"""The emergency: the call first, then company until help comes."""

from __future__ import annotations

from collections.abc import Collection

from voiceskill.content.labels import Intent, Symptom, Urgency
from voiceskill.content.model import Content, Line
from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.country import Country
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.remarking import Remarking
from voiceskill.dialogue.spotting import patterns, spotted
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

    def __init__(
        self, content: Content, state: State, levels: Levels, advice: Advice, country: Country
    ) -> None:
        self._content = content
        self._country = country
        self._state = state
        self._advice = advice
        self._levels = levels
        self._remarking = Remarking(content)

    def begin(self, turn: Turn, symptoms: Collection[Symptom], reason: Line | None = None) -> None:
        """Tell to call for help, because of ``symptoms``; whatever went on is given up."""
        state = self._state
        state.raise_to(Urgency.EMERGENCY)
        state.told = Urgency.EMERGENCY
        state.waiting = Waiting.EMERGENCY
        state.silences = 0
        state.check = state.run = state.offer = state.answer = None
        turn.line("outcome_emergency", self._content.outcomes[Urgency.EMERGENCY].action)
        if self._country.asks_for_the_number(turn):
            turn.say("number_unknown")
        if turn.place:
            state.place = turn.place
        state.help_called = False
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
        if self._is_out(turn):
            self._out(turn)
        elif self._remarking.answer(turn, Urgency.EMERGENCY):
            self._listen(turn)
        elif self._is_over(turn):
            self._over(turn)
        elif intent is Intent.STOP:
            turn.say("emergency_stop")
            self._leave(turn)
        elif intent is Intent.GOODBYE:
            turn.say("emergency_stop")
            self._state.waiting = Waiting.ENDED
            turn.end()
        elif self.hears_of_help(turn) or intent is Intent.THANKS:
            self._note_the_call()
            turn.say("emergency_called")
            self._say_meanwhile(turn, 1)
            self._listen(turn)
        else:
            self._again(turn, refuses=intent in _WANTS_A_STRETCH)

    def stand_down(self, turn: Turn) -> None:
        """They say that it is none: the level stays, and so does the advice to get checked."""
        turn.say("emergency_stays")
        self._leave(turn)

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
        place = self._state.place
        if place and place.in_alarm:
            return [(place.id, line) for line in place.in_alarm]
        lines = self._advice.meanwhile(Urgency.EMERGENCY, symptoms)
        if len(lines) <= len(outcome.meanwhile):
            lines = [(name, prompts[name]) for name in _FOR_ANYBODY] + lines
        return [*lines, ("safety_net_emergency", outcome.safety_net)]

    def _again(self, turn: Turn, refuses: bool = False) -> None:
        turn.say("emergency_coming" if self._state.help_called else "emergency_repeat")
        if self._country.asks_for_the_number(turn):
            turn.say("number_unknown")
        if refuses:
            turn.say("emergency_no_stretch")
        self._say_meanwhile(turn, 1)
        self._listen(turn)

    def hears_of_help(self, turn: Turn) -> bool:
        """Whether, in an emergency, they say that help is called."""
        if self._state.waiting is not Waiting.EMERGENCY:
            return False
        phrases = self._content.phrases
        said_so = spotted(phrases["help_called"], turn.words)
        return said_so or patterns(phrases["called_it"]).matches(turn.words)

    def hears_it_is_gone(self, turn: Turn) -> bool:
        """Whether a known sign is only named to say that it is gone ("her face is fine again")."""
        state = self._state
        if state.waiting is not Waiting.EMERGENCY or not turn.heard.symptoms <= state.symptoms:
            return False
        return spotted(self._content.phrases["signs_gone"], turn.words)

    def _note_the_call(self) -> None:
        state = self._state
        state.help_called = True
        asks_to_call = self._content.outcomes[Urgency.EMERGENCY].meanwhile
        left = [(name, line) for name, line in state.emergency_lines if line not in asks_to_call]
        state.emergency_lines = left

    def _is_over(self, turn: Turn) -> bool:
        phrases = self._content.phrases
        if turn.heard.intent is Intent.BETTER or spotted(phrases["false_alarm"], turn.words):
            return True
        return spotted(phrases["signs_gone"], turn.words)

    def _over(self, turn: Turn) -> None:
        """They say that it is over: signs that come back need the call, which is said once."""
        state = self._state
        symptoms = [self._content.symptoms[symptom] for symptom in state.symptoms]
        gone = next((symptom.when_gone for symptom in symptoms if symptom.when_gone), None)
        if gone is None or state.told_of_return:
            self.stand_down(turn)
            return
        state.told_of_return = True
        turn.say(gone)
        self._again(turn)

    def _is_out(self, turn: Turn) -> bool:
        place, phrases = self._state.place, self._content.phrases
        if place is None or spotted(phrases["not_left"], turn.words):
            return False
        return spotted(place.left, turn.words)

    def _out(self, turn: Turn) -> None:
        """Out of the water or off the ladder; what else was a sign of danger stays one."""
        state = self._state
        state.place = None
        turn.say("emergency_out")
        if self._levels.level(state.symptoms, state.symptoms) is not Urgency.EMERGENCY:
            self._leave(turn)
            return
        state.emergency_lines = self._lines(state.symptoms)
        self._again(turn)

    def _leave_the_place(self, turn: Turn) -> None:
        place = self._state.place
        if place and not place.in_alarm:
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
