"""Takes what is said, or not said, while a yes/no question about warning signs is open.

Five outcomes: yes, no, not sure, something else, silence. Only a plain no is a no.
"""

from __future__ import annotations

from voiceskill.content.labels import Intent, Urgency, highest
from voiceskill.content.model import Content, Line, Question
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.emergency import Emergency
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.reading import read_answer
from voiceskill.dialogue.state import Reading, State
from voiceskill.dialogue.triage import Triage, answered
from voiceskill.dialogue.turn import Turn

_NEW_CRAMP = frozenset({Intent.CRAMP_NOW, Intent.START_STRETCH, Intent.BODY_PART})

_OWN_LEAD = {
    Intent.NEXT: "question_skip",
    Intent.RESUME: "question_skip",
    Intent.WORSE: "question_worse",
}
"""What is said before a question that was not answered, where it is not the usual."""


class Asking:
    """Handles a conversation that waits for the answer to a question."""

    def __init__(
        self,
        content: Content,
        state: State,
        levels: Levels,
        triage: Triage,
        flow: Flow,
        emergency: Emergency,
        answers: Answers,
    ) -> None:
        self._content = content
        self._state = state
        self._levels = levels
        self._triage = triage
        self._flow = flow
        self._emergency = emergency
        self._answers = answers

    def heard(self, turn: Turn) -> None:
        """Read the answer; anything that is none comes back to the question."""
        question = self._question
        reading = read_answer(
            question,
            turn.heard,
            turn.words,
            self._state.denied,
            self._content.phrases["hedged"],
        )
        if reading is Reading.ASSERTED:
            self._asserted(turn, question)
        elif reading is Reading.CLEARED:
            answered(self._state, question, reading)
            self._flow.go_on(turn)
        elif reading is Reading.UNSURE:
            self._once_more(turn, "question_unsure")
        elif reading is Reading.PARTLY:
            self._once_more(turn, "question_partly")
        else:
            self._other(turn)

    def missed(self, turn: Turn) -> None:
        """Something was said that nobody could make out."""
        self._once_more(turn, "question_other")

    def quiet(self, turn: Turn) -> None:
        """Silence is no answer, and never a no."""
        self._once_more(turn, "question_silence")

    def again(self, turn: Turn) -> None:
        """The same question in the same words."""
        question = self._question
        self._flow.ask(turn, question, again=self._attempts > 0)

    def _asserted(self, turn: Turn, question: Question) -> None:
        state = self._state
        named = set(question.asserts) & turn.heard.symptoms
        # A plain yes says that one of the signs is there; all of them together may be far worse.
        level = highest(
            question.level, self._levels.level(named or question.asserts, state.symptoms)
        )
        answered(state, question, Reading.ASSERTED)
        state.assert_all(named or question.asserts)
        self._found(turn, question, level, unsure=False)

    def _found(self, turn: Turn, question: Question, level: Urgency | None, unsure: bool) -> None:
        """Act on the level that a question has come to; ``unsure`` when nothing was asserted."""
        state = self._state
        state.raise_to(level)
        reason = self._reason(turn, question, level, unsure)
        if level is Urgency.EMERGENCY:
            self._emergency.begin(turn, question.asserts, reason)
        elif level is Urgency.DOCTOR_NOW and state.told is not level:
            self._flow.doctor_now(turn, question.asserts, reason)
        else:
            self._flow.go_on(turn, lead="noted")

    def _reason(
        self, turn: Turn, question: Question, level: Urgency | None, unsure: bool
    ) -> Line | None:
        """Why it matters; None leaves it to the one symptom that it is."""
        if unsure:
            return self._content.prompts[f"reason_unsure_{level.value}"] if level else None
        named = set(question.asserts) & turn.heard.symptoms
        if question.reason or level is None or named or len(question.asserts) == 1:
            return question.reason
        # A plain yes to several signs does not say which one it is.
        return self._content.prompts[f"reason_any_{level.value}"]

    def _other(self, turn: Turn) -> None:
        intent = turn.heard.intent
        part = turn.heard.body_part
        if intent in _NEW_CRAMP and self._flow.is_another_part(part):
            self._flow.switch_part(turn)
        elif intent is Intent.BACK:
            self._triage.go_back()
            self.again(turn)
        elif intent.is_question and self._answers.lines(turn):
            turn.say("back_to_question")
            self.again(turn)
        elif intent is Intent.BETTER and self._flow.eased_already(turn):
            return
        elif intent in _OWN_LEAD:
            self._once_more(turn, _OWN_LEAD[intent])
        elif intent in (Intent.RESTART, Intent.START_TRIAGE) or turn.moved:
            self.again(turn)
        else:
            self._once_more(turn, "question_other")

    def _once_more(self, turn: Turn, lead: str) -> None:
        """Ask in the second wording; after that, take it for not sure."""
        question = self._question
        if self._attempts == 0:
            self._count_attempt()
            turn.say(lead)
            self._flow.ask(turn, question, again=True)
            return
        answered(self._state, question, Reading.UNSURE)
        self._found(turn, question, question.if_unsure, unsure=True)

    @property
    def _question(self) -> Question:
        question = self._triage.current()
        if question is None:
            raise RuntimeError("no question is open")
        return question

    @property
    def _attempts(self) -> int:
        return self._state.check.attempts if self._state.check else 0

    def _count_attempt(self) -> None:
        if self._state.check:
            self._state.check.attempts += 1
