"""Joins the parts of a conversation: relief, checks, outcomes, and what follows what."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from voiceskill.content.labels import BodyPart, Intent, Symptom, Urgency
from voiceskill.content.model import Content, Line, Question
from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.chooser import StretchChooser
from voiceskill.dialogue.coach import Coach
from voiceskill.dialogue.emergency import Emergency
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.sides import COARSE, Sides
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.state import After, Reading, State, Waiting
from voiceskill.dialogue.triage import Triage, answered
from voiceskill.dialogue.turn import YES_NO_S, Turn
from voiceskill.dialogue.waits import Waits
from voiceskill.stt.recognizer import Expect

_WANTS_A_STRETCH = frozenset({Intent.CRAMP_NOW, Intent.START_STRETCH})

_ONE_HIGHER = {
    Urgency.SELF_CARE: Urgency.APPOINTMENT,
    Urgency.APPOINTMENT: Urgency.DOCTOR_NOW,
    Urgency.DOCTOR_NOW: Urgency.DOCTOR_NOW,
    Urgency.EMERGENCY: Urgency.EMERGENCY,
}
"""Asking twice in a day: to be seen urgently; only a sign of an emergency makes it one."""


class Flow:
    """What follows what. Every method ends the reply."""

    def __init__(
        self,
        content: Content,
        state: State,
        levels: Levels,
        triage: Triage,
        advice: Advice,
        emergency: Emergency,
        chooser: StretchChooser,
        coach: Coach,
        waits: Waits,
        sides: Sides,
    ) -> None:
        self._content = content
        self._state = state
        self._levels = levels
        self._triage = triage
        self._advice = advice
        self._emergency = emergency
        self._chooser = chooser
        self._coach = coach
        self._waits = waits
        self._sides = sides

    def relief(self, turn: Turn, first_words: bool = True, prevention: bool = False) -> None:
        """Help with a cramp: let go, clear the danger questions, then the stretch."""
        state, intent = self._state, turn.heard.intent
        self.take_part(turn.heard.body_part)
        state.prevention = prevention or self._wants_prevention(turn)
        lasts = intent is not Intent.START_STRETCH and not state.prevention
        if state.cramp_since is None and lasts:
            state.cramp_since = turn.now
        if state.urgency is Urgency.EMERGENCY and self.stretch_is_forbidden():
            self._emergency.begin(turn, state.symptoms)
            return
        state.run = state.offer = state.answer = None
        state.tried = []
        if state.prevention and state.part is None:
            state.part = self._chooser.preventable_part()
        self._seek(turn)
        if first_words:
            turn.say("questions_first" if state.prevention else "first_words")
        if state.part is None:
            self._waits.ask_where(turn)
            return
        before = [*self._triage.before_stretch(state.part), *self._how_long(turn)]
        self._triage.begin(before, After.STRETCH)
        self.go_on(turn)

    def other_side(self, turn: Turn) -> None:
        """The same on the other side of the body, after that side's own questions."""
        state = self._state
        if state.tried:
            state.named = (state.tried[-1],)
        self._sides.turn_over()
        self._triage.forget_the_part()
        turn.say("switch_side")
        if not state.prevention and state.cramp_since is None:
            state.cramp_since = turn.now
        self.relief(turn, first_words=False, prevention=state.prevention)

    def switch_part(self, turn: Turn) -> None:
        """Another muscle cramps: say so, and begin again with that one."""
        self.take_part(turn.heard.body_part)
        turn.say("switch_part")
        self.relief(turn, first_words=False)

    def take_part(self, part: BodyPart | None) -> None:
        """Remember the part; what was asked about another one does not count for it."""
        if part is None or part is self._state.part:
            return
        if self._state.part is not None and part not in COARSE:
            self._triage.forget_the_part()
            self._state.named = ()
        self._state.part = part

    def is_another_part(self, part: BodyPart | None) -> bool:
        """Whether ``part`` is another muscle than the one in hand."""
        run, known = self._state.run, self._state.part
        if part is None or part is known or known is None or part in COARSE:
            return False
        return run is None or part not in run.stretch.body_parts

    def leave_place(self, turn: Turn) -> None:
        """Get out of the water, off the road, off the stairs before anything else."""
        state = self._state
        if turn.place:
            state.place = turn.place
        self.take_part(turn.heard.body_part)
        if turn.heard.intent is Intent.CRAMP_NOW and state.cramp_since is None:
            state.cramp_since = turn.now
        state.run = state.check = state.offer = state.answer = None
        self._waits.say_place(turn)

    def check(self, turn: Turn, intro: bool = True) -> None:
        """Ask all the questions, of the part or of everything, then give the outcome."""
        self.take_part(turn.heard.body_part)
        self._state.run = self._state.offer = self._state.answer = None
        self._seek(turn)
        if intro:
            turn.say("check_intro")
        self._triage.begin(self._triage.full(self._state.part), After.OUTCOME)
        self.go_on(turn)

    def go_on(self, turn: Turn, lead: str | None = None) -> None:
        """Ask the next question that is needed, or do what follows the questions.

        ``lead`` is a prompt that goes before a further question.
        """
        self._give_up_forbidden_stretch(turn)
        question = self._triage.advance()
        if question:
            if lead:
                turn.say(lead)
            self.ask(turn, question)
            return
        after = self._state.check.after if self._state.check else After.OUTCOME
        if after is After.STRETCH:
            self._start_stretch(turn)
        elif after is After.RESUME:
            self._resume_stretch(turn)
        else:
            self.conclude(turn)

    def ask(self, turn: Turn, question: Question, again: bool = False) -> None:
        """Ask a question, in its second wording if ``again``."""
        self._state.waiting = Waiting.QUESTION
        turn.question(question, again)
        turn.listen(Expect.YES_NO, "listen_yes_no", YES_NO_S)

    def ask_rest(self, turn: Turn, left: Iterable[Symptom]) -> None:
        """Ask for what was not denied of the open question."""
        self._state.waiting = Waiting.QUESTION
        names = [turn.speech.symptom_name(symptom) for symptom in left]
        turn.say("question_rest", symptom=turn.speech.either(names))
        turn.listen(Expect.YES_NO, "listen_yes_no", YES_NO_S)

    def conclude(self, turn: Turn) -> None:
        """Give the outcome of all that was found and asked."""
        state = self._state
        asked_something = bool(state.check and state.check.asked)
        state.check = state.run = None
        at_least, reason = self._triage.at_least(state.part), None
        if at_least and (state.urgency is None or state.urgency.rank < at_least.rank):
            reason = self._content.prompts["reason_part"]
        state.raise_to(at_least or Urgency.SELF_CARE)
        if self._is_raised_for_repeating():
            reason = self._content.prompts["reason_repeated"]
            state.raise_to(_ONE_HIGHER[state.urgency or Urgency.SELF_CARE])
        level = state.urgency or Urgency.SELF_CARE
        found = self._levels.level(state.symptoms, state.symptoms)
        if reason is None and found is not level and level is not Urgency.SELF_CARE:
            reason = self._content.prompts[f"reason_unsure_{level.value}"]
        if level is Urgency.EMERGENCY:
            self._emergency.begin(turn, state.symptoms)
            return
        if state.told is not level or level is Urgency.SELF_CARE:
            self._advice.speak(turn, level, state.symptoms, reason)
        elif not turn.speaks_outcome and asked_something:
            turn.say("check_finished")
            turn.line(f"outcome_{level.value}", self._content.outcomes[level].action)
        elif not turn.speaks_outcome:
            self._advice.speak(turn, level, state.symptoms, reason)
        if level.rank < Urgency.DOCTOR_NOW.rank:
            self._coach.rest_of_aftercare(turn)
        state.outcome = level
        if state.part:
            state.concluded.add(state.part)
        self._waits.listen_open(turn)

    def danger(self, turn: Turn, found: Collection[Symptom]) -> None:
        """Signs that need a doctor were named: say so, then make sure it is no emergency."""
        state = self._state
        question = self._triage.current() if state.waiting is Waiting.QUESTION else None
        if question and set(question.asserts) & set(found):
            answered(state, question, Reading.ASSERTED)
        self.take_part(turn.heard.body_part)
        self.doctor_now(turn, found)

    def doctor_now(
        self, turn: Turn, found: Collection[Symptom], reason: Line | None = None
    ) -> None:
        """Something calls for a doctor: say so, then ask what could be worse."""
        state = self._state
        state.announced.update(found)
        forbidden = self.stretch_is_forbidden()
        if state.run and forbidden:
            turn.say("stretch_stop_now")
        goes_on = not forbidden and self._is_about_to_stretch(turn)
        self._advice.speak(turn, Urgency.DOCTOR_NOW, found, reason, general=not goes_on)
        self._plan_after_danger(turn, self._triage.danger_gate(found))
        if forbidden:
            state.run = None
        self.go_on(turn)

    def ten_minutes(self, turn: Turn) -> None:
        """The stretches did not help: ask how long it lasts, or say what follows from it."""
        state = self._state
        state.run = None
        rest = self._triage.after_stretch(state.part)
        question = self._triage.about_ten_minutes(state.part)
        self._triage.begin([*rest, *([question] if question else [])], After.OUTCOME, question)
        if question and state.has_lasted(turn.now):
            found = (Symptom.PERSISTENT_PAIN,)
            state.assert_all(found)
            state.raise_to(self._levels.level(found, state.symptoms))
            answered(state, self._content.questions[question], Reading.ASSERTED)
            self.doctor_now(turn, found)
            return
        turn.say("ten_minutes_check")
        self.go_on(turn)

    def eased(self, turn: Turn) -> None:
        """The cramp lets go: the other side, where both cramp, else what comes afterwards."""
        turn.say("glad_better")
        if self._state.both_sides and self._state.run and self._state.run.stretch.one_sided:
            self._coach.offer_other_side(turn)
        else:
            self.afterwards(turn)

    def afterwards(self, turn: Turn) -> None:
        """What to do now that it has eased, then what has to be asked before self-care."""
        state = self._state
        state.both_sides = False
        self._coach.aftercare(turn)
        self._triage.begin(self._triage.after_stretch(state.part), After.OUTCOME)
        state.run = None
        left = self._triage.left()
        if left:
            turn.say(
                "one_question" if left == 1 else "few_questions", steps=turn.speech.in_words(left)
            )
        self.go_on(turn)

    def eased_already(self, turn: Turn) -> bool:
        """The cramp lets go before its stretch; False when no stretch was to follow."""
        check = self._state.check
        if check is None or check.after is After.OUTCOME:
            return False
        self._state.run = None
        turn.say("glad_better")
        rest = self._triage.after_stretch(self._state.part)
        self._triage.replan((*check.plan, *rest), After.OUTCOME)
        self.go_on(turn)
        return True

    def may_spread(self, turn: Turn) -> bool:
        """Pain elsewhere beside a cramp near the heart: ask whether it spreads; False if not."""
        state, part = self._state, turn.heard.body_part
        question = self._triage.about_spreading(state.part, part)
        waits = state.waiting in (Waiting.PLACE, Waiting.EMERGENCY) or turn.heard.intent.is_question
        if question is None or waits or self._triage.current_id() == question:
            return False
        state.answers.pop(question, None)
        if state.check:
            self._triage.extend((question,))
        else:
            if state.run:
                turn.say("stretch_stop_now")
            after = After.RESUME if state.run else After.OUTCOME
            self._triage.begin((question,), after)
        self.go_on(turn)
        return True

    def worse(self, turn: Turn) -> None:
        """It hurts more: stop at once, then look for danger."""
        self._state.run = None
        turn.say("stretch_stop_worse")
        self._triage.begin(self._triage.full(self._state.part), After.OUTCOME)
        self.go_on(turn)

    def stretch_is_forbidden(self) -> bool:
        """Whether something that was said, or not made sure of, rules out any stretch."""
        return self._levels.forbids_stretch(self._state.symptoms | self._state.suspected)

    def _how_long(self, turn: Turn) -> tuple[str, ...]:
        """The question how long it lasts, where a cramp is said not to end."""
        question = self._triage.about_ten_minutes(self._state.part)
        lasts = spotted(self._content.phrases["wont_stop"], turn.words)
        return (question,) if question and lasts else ()

    def _give_up_forbidden_stretch(self, turn: Turn) -> None:
        check = self._state.check
        if check is None or check.after is After.OUTCOME or not self.stretch_is_forbidden():
            return
        self._state.run = None
        if not turn.speaks_outcome:
            turn.say("no_stretch_now")
        everything = (*check.plan, *self._triage.full(self._state.part))
        self._triage.replan(everything, After.OUTCOME)

    def _resume_stretch(self, turn: Turn) -> None:
        self._state.check = None
        turn.say("back_to_stretch")
        self._state.waiting = Waiting.STEP
        self._coach.again(turn)

    def _is_about_to_stretch(self, turn: Turn) -> bool:
        check = self._state.check
        if check:
            return check.after is not After.OUTCOME
        return self._state.run is not None or turn.heard.intent in _WANTS_A_STRETCH

    def _plan_after_danger(self, turn: Turn, gate: Iterable[str]) -> None:
        """Keep to what was being asked or done, with the emergency questions before it."""
        state, triage = self._state, self._triage
        if state.check:
            triage.extend(gate)
        elif state.run:
            triage.begin(gate, After.RESUME)
        elif turn.heard.intent in _WANTS_A_STRETCH:
            if state.cramp_since is None:
                state.cramp_since = turn.now
            triage.begin([*triage.before_stretch(state.part), *gate], After.STRETCH)
        elif turn.heard.intent is Intent.START_TRIAGE:
            triage.begin([*triage.full(state.part), *gate], After.OUTCOME)
        else:
            triage.begin(gate, After.OUTCOME)

    def _start_stretch(self, turn: Turn) -> None:
        self._state.check = None
        if self._state.part is None:
            self._waits.ask_where(turn)
            return
        stretch = self._chooser.best()
        if stretch:
            self._coach.begin(turn, stretch)
            return
        turn.say("no_stretch_for_part")
        self._triage.begin(self._triage.full(self._state.part), After.OUTCOME)
        self.go_on(turn)

    def _wants_prevention(self, turn: Turn) -> bool:
        phrases = self._content.phrases
        if self._state.cramp_since is not None:
            return False
        if spotted(phrases["no_cramp_now"], turn.words):
            return True
        if turn.heard.intent is not Intent.START_STRETCH:
            return False
        later = spotted(phrases["for_later"], turn.words)
        return later or Symptom.NIGHT in turn.heard.symptoms

    def _seek(self, turn: Turn) -> None:
        """Notice whether help was sought for this cramp before, within the day."""
        state, part = self._state, self._state.part
        again = turn.heard.intent is Intent.CRAMP_NOW and part in state.concluded
        if again or spotted(self._content.phrases["back_again"], turn.words):
            state.repeated = True
        if part is None or state.prevention:
            return
        state.repeated = state.repeated or part in state.sought_before
        state.sought.add(part)

    def _is_raised_for_repeating(self) -> bool:
        """Whether the level is one higher because of the same cramp twice in a day.

        Cramps that keep coming back are a sign of their own: then it is counted already.
        """
        state = self._state
        level = state.urgency or Urgency.SELF_CARE
        return (
            state.repeated
            and _ONE_HIGHER[level] is not level
            and (level is Urgency.SELF_CARE or Symptom.FREQUENT_SPASMS not in state.symptoms)
        )
