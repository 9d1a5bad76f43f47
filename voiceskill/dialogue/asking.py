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
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.state import Reading, State, Waiting
from voiceskill.dialogue.triage import Triage, answered
from voiceskill.dialogue.turn import Turn
from voiceskill.dialogue.weighing import is_known_state, weighed

_NEW_CRAMP = frozenset({Intent.CRAMP_NOW, Intent.START_STRETCH, Intent.BODY_PART})

_OWN_LEAD = {
    Intent.NEXT: "question_skip",
    Intent.RESUME: "question_skip",
    Intent.BETTER: "glad_better",
}
"""What is said before the question comes again after words that are no try to answer it."""

_TALK_LEAD = {Intent.WORSE: "question_worse"}
"""What is said after talk that is no answer, where it is not the usual."""

LAST_ASKING = 2
"""Talk that is no answer is asked for a last time after so many tries."""


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

    def weigh(self, turn: Turn) -> None:
        """Take out of an answer what is no sign and no command in it."""
        if self._state.waiting is not Waiting.QUESTION:
            return
        question, phrases = self._question, self._content.phrases
        turn.known_state = is_known_state(question, turn.heard, turn.words, phrases)
        turn.heard = weighed(question, turn.heard, turn.words, phrases)

    def is_answered(self, turn: Turn) -> bool:
        """Whether it is a clear answer: then no command is looked for in it."""
        return self._read(turn) in (Reading.ASSERTED, Reading.CLEARED)

    def heard(self, turn: Turn) -> None:
        """Read the answer; anything that is none comes back to the question."""
        question = self._question
        reading = self._read(turn)
        if reading is Reading.ASSERTED:
            self.asserted(turn, question)
        elif reading is Reading.CLEARED:
            self._cleared(turn, question)
        elif reading is Reading.UNSURE:
            self._once_more(turn, "question_unsure")
        elif turn.known_state:
            self._once_more(turn, "question_known", talk=True)
        elif reading is Reading.PARTLY:
            self._ask_the_rest(turn, question)
        else:
            self._other(turn)

    def missed(self, turn: Turn) -> None:
        """Something was said that nobody could make out."""
        self._once_more(turn, "question_other", talk=True)

    def quiet(self, turn: Turn) -> None:
        """Silence is no answer, and never a no."""
        self._once_more(turn, "question_silence")

    def again(self, turn: Turn) -> None:
        """The same question in the same words."""
        question = self._question
        self._flow.ask(turn, question, again=self._attempts > 0)

    def asserted(self, turn: Turn, question: Question) -> None:
        """A sign that ``question`` asks for is there: act on it."""
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
        elif level is Urgency.DOCTOR_NOW and question.reason and not unsure:
            turn.line("reason", question.reason)
            self._flow.go_on(turn)
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

    def _cleared(self, turn: Turn, question: Question) -> None:
        state = self._state
        answered(state, question, Reading.CLEARED)
        if state.corrected != question.id:
            self._flow.go_on(turn)
            return
        state.corrected = None
        if state.told is Urgency.EMERGENCY:
            state.check = None
            self._emergency.stand_down(turn)
            return
        if state.told is Urgency.DOCTOR_NOW:
            turn.say("corrected_stays")
        self._flow.go_on(turn)

    def _ask_the_rest(self, turn: Turn, question: Question) -> None:
        """Some of what was asked is denied: ask for the others, once."""
        left = [sign for sign in question.asserts if sign not in self._state.denied]
        check = self._state.check
        if check:
            check.partly = True
        if self._attempts == 0 and len(left) < len(question.asserts):
            self._count_attempt(talk=True)
            self._flow.ask_rest(turn, left)
        else:
            self._once_more(turn, "question_partly", talk=True)

    def _read(self, turn: Turn) -> Reading:
        phrases = self._content.phrases
        reading = read_answer(self._question, turn.heard, turn.words, self._state.denied, phrases)
        check = self._state.check
        if reading is Reading.PARTLY and check and check.partly:
            # Asked for what was left, people deny it in other words than ours.
            return Reading.CLEARED
        return reading

    def _other(self, turn: Turn) -> None:
        intent = turn.heard.intent
        part = turn.heard.body_part
        phrases = self._content.phrases
        if spotted(phrases["why_asked"], turn.words):
            self._say_why(turn)
        elif intent in _NEW_CRAMP and self._flow.is_another_part(part):
            self._flow.switch_part(turn)
        elif intent is Intent.BACK:
            self._triage.go_back()
            self.again(turn)
        elif intent is Intent.START_STRETCH or spotted(phrases["another_way"], turn.words):
            turn.say("question_first")
            self.again(turn)
        elif intent.is_question and self._answers.lines(turn):
            turn.say("back_to_question")
            self.again(turn)
        elif intent is Intent.BETTER and self._flow.eased_already(turn):
            return
        elif intent in _OWN_LEAD:
            turn.say(_OWN_LEAD[intent])
            self.again(turn)
        elif intent in (Intent.RESTART, Intent.START_TRIAGE) or turn.moved:
            self.again(turn)
        else:
            self._once_more(turn, _TALK_LEAD.get(intent, "question_other"), talk=True)

    def _say_why(self, turn: Turn) -> None:
        turn.say("why_asked")
        self.again(turn)

    def _once_more(self, turn: Turn, lead: str, talk: bool = False) -> None:
        """Ask in the second wording, after talk a third time; then take it for not sure."""
        question = self._question
        self._count_attempt(talk)
        check = self._state.check
        if self._attempts == 1:
            turn.say(lead)
            self._flow.ask(turn, question, again=True)
        elif self._attempts == LAST_ASKING and check and check.talked:
            turn.say("question_last")
            self._flow.ask(turn, question, again=True)
        else:
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

    def _count_attempt(self, talk: bool) -> None:
        check = self._state.check
        if check:
            check.attempts += 1
            check.spoken += 1
            check.talked = check.talked or talk
