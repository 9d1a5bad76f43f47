"""Takes back the answer to the question before, when the person mends it."""

from __future__ import annotations

from voiceskill.content.labels import Urgency
from voiceskill.content.model import Content, Question
from voiceskill.dialogue.asking import Asking
from voiceskill.dialogue.denial import Denial
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import STRETCHING, Reading, State, Waiting
from voiceskill.dialogue.triage import Triage
from voiceskill.dialogue.turn import Turn

_MENDED_IN = STRETCHING | {Waiting.QUESTION, Waiting.EMERGENCY, Waiting.OPEN}


class Corrections:
    """Handles "I meant no" and "I meant yes": they are about the answer given last."""

    def __init__(
        self,
        content: Content,
        state: State,
        levels: Levels,
        triage: Triage,
        flow: Flow,
        asking: Asking,
    ) -> None:
        self._content = content
        self._phrases = content.phrases
        self._denial = Denial(content.phrases)
        self._state = state
        self._levels = levels
        self._triage = triage
        self._flow = flow
        self._asking = asking

    def take(self, turn: Turn) -> bool:
        """Mend the last answer; False when ``turn`` does not."""
        question = self._last_answered()
        if question is None:
            return False
        if spotted(self._phrases["meant_yes"], turn.words):
            self._triage.turn_back_to(question)
            self._asking.asserted(turn, question)
            return True
        if not self._means_no(turn, question):
            return False
        if self._state.answers.get(question.id) is Reading.CLEARED:
            return self._confirm(turn)
        if self._is_dangerous_without(question):
            return False
        self._state.corrected = question.id
        self._triage.turn_back_to(question)
        turn.say("question_corrected")
        self._flow.ask(turn, question)
        return True

    def _last_answered(self) -> Question | None:
        state = self._state
        if state.waiting not in _MENDED_IN or state.last_answered is None:
            return None
        if state.waiting is Waiting.QUESTION and state.check and state.check.attempts:
            # They have begun to answer the open question: it is that one that they mend.
            return None
        return self._content.questions[state.last_answered]

    def _means_no(self, turn: Turn, question: Question) -> bool:
        if spotted(self._phrases["meant_no"], turn.words):
            return True
        if self._was_never_sure(question) and self._denial.is_plain(turn.words):
            return True
        begins = patterns(self._phrases["correction"]).spans(turn.words)
        open_one = self._triage.current()
        asked_now = frozenset(open_one.asserts) if open_one else frozenset()
        about = frozenset(question.asserts) & turn.heard.denied - asked_now
        return bool(begins) and begins[0][0] == 0 and bool(about)

    def _was_never_sure(self, question: Question) -> bool:
        """Whether it is an emergency only because nobody could tell."""
        in_emergency = self._state.waiting is Waiting.EMERGENCY
        return in_emergency and self._state.answers.get(question.id) is Reading.UNSURE

    def _confirm(self, turn: Turn) -> bool:
        """The no was understood as one: only an open question comes again."""
        if self._state.waiting is not Waiting.QUESTION:
            return False
        self._asking.again(turn)
        return True

    def _is_dangerous_without(self, question: Question) -> bool:
        """Whether another sign makes it an emergency, whatever becomes of this one."""
        if self._state.told is not Urgency.EMERGENCY:
            return False
        others = self._state.symptoms - set(question.asserts)
        return self._levels.level(others, others) is Urgency.EMERGENCY
