"""Which question comes next: plans by body part, in order of danger, nothing asked twice."""

from __future__ import annotations

from collections.abc import Iterable

from voiceskill.content.labels import BodyPart, Symptom, Urgency, highest
from voiceskill.content.model import Content, Question, QuestionSet
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.state import After, Check, Reading, State

_ALWAYS_CLEARED = (Symptom.BREATHING_TROUBLE, Symptom.CHEST_PAIN)
"""Asked after any sign that needs a doctor: a clot may have reached the lungs."""

_STROKE_SIGNS = (Symptom.FACE_DROOP, Symptom.CONFUSION)
"""Asked as well after signs that a stroke may bring."""

_MAYBE_STROKE = frozenset(
    {
        Symptom.WEAKNESS,
        Symptom.NUMBNESS_NEW,
        Symptom.DOUBLE_VISION,
        Symptom.SEVERE_HEADACHE,
    }
)


MOST_BEFORE = 3
"""Somebody in pain waits for no more questions before a plain cramp is stretched."""


class Triage:
    """The questions of one conversation."""

    def __init__(self, content: Content, state: State, levels: Levels) -> None:
        self._content = content
        self._state = state
        self._levels = levels
        self._order = {question: place for place, question in enumerate(content.questions)}
        self._level = {
            question.id: levels.question(question) for question in content.questions.values()
        }

    def before_stretch(self, part: BodyPart | None) -> tuple[str, ...]:
        """The questions that have to be cleared before any stretch of the part."""
        found = self._set(part)
        own = found.before if found else ()
        dangers = [name for name in self._brought() if self._level[name] is Urgency.EMERGENCY]
        return (*own, *(found.if_room if found else ()), *dangers)

    def after_stretch(self, part: BodyPart | None) -> tuple[str, ...]:
        """The questions left for when the cramp has eased."""
        found = self._set(part)
        own = found.after if found else ()
        names = (*own, *self._content.self_care_questions, *self._brought())
        return tuple(found.instead.get(name, name) for name in names) if found else names

    def full(self, part: BodyPart | None) -> tuple[str, ...]:
        """The questions of a check: of the part, or of everything when it is not known."""
        found = self._set(part)
        own = found.before if found else self._content.full_check
        return (*own, *self.after_stretch(part))

    def at_least(self, part: BodyPart | None) -> Urgency | None:
        """The lowest outcome that a check of the part may have."""
        found = self._set(part)
        return found.at_least if found else None

    def danger_gate(self, found: Iterable[Symptom]) -> tuple[str, ...]:
        """The emergency questions that a sign needing a doctor brings up."""
        wanted = [*_ALWAYS_CLEARED]
        if _MAYBE_STROKE.intersection(found):
            wanted += _STROKE_SIGNS
        firsts = [self._first_about(symptom) for symptom in wanted]
        return (*(question for question in firsts if question), *self._brought_here())

    def begin(self, questions: Iterable[str], after: After, first: str | None = None) -> None:
        """Plan a run of questions, in order of danger; ``first`` goes before all."""
        plan = sorted(set(questions), key=self._order.__getitem__)
        if first:
            plan = [first, *(question for question in plan if question != first)]
        self._state.check = Check(tuple(plan), after)

    def replan(self, questions: Iterable[str], after: After) -> None:
        """Plan the run at hand anew; what was asked in it can still be gone back to."""
        check = self._state.check
        self.begin(questions, after)
        if check and self._state.check:
            current = [check.current] if check.current else []
            self._state.check.asked = check.asked + current

    def extend(self, questions: Iterable[str]) -> None:
        """Add questions to the run at hand, those before all others that are left."""
        check = self._state.check
        if check:
            check.plan = (*dict.fromkeys((*questions, *check.plan)),)

    def advance(self) -> Question | None:
        """Make the next question that is still needed the current one; None when there is none."""
        check = self._state.check
        if check is None:
            return None
        if check.current:
            check.asked.append(check.current)
        check.turn_to(next((name for name in check.plan if self._needed(name, check)), None))
        if check.current is None:
            return None
        check.spoken += 1
        return self._content.questions[check.current]

    def go_back(self) -> bool:
        """Make the question before the current one; False when there is none.

        A no is forgotten; a sign that was said to be there stays.
        """
        check = self._state.check
        if check is None or not check.asked:
            return False
        name = check.asked.pop()
        check.turn_to(name)
        self._state.answers.pop(name, None)
        self._state.denied -= set(self._content.questions[name].asserts)
        return True

    def turn_back_to(self, question: Question) -> None:
        """Make a question that was answered the current one; the open one comes after it."""
        check = self._state.check
        if check is None:
            self.begin((), After.OUTCOME)
            check = self._state.check
        if check:
            if question.id in check.asked:
                check.asked.remove(question.id)
            check.turn_to(question.id)

    def about_spreading(self, part: BodyPart | None, other: BodyPart | None) -> str | None:
        """The question whether a cramp of ``part`` spreads, when ``other`` hurts as well."""
        found = self._set(part)
        if found is None or other is None or other is part or other not in found.spread_to:
            return None
        return found.spread

    def current_id(self) -> str | None:
        """The id of the open question."""
        return self._state.check.current if self._state.check else None

    def current(self) -> Question | None:
        """The open question."""
        check = self._state.check
        if check is None or check.current is None:
            return None
        return self._content.questions[check.current]

    def left(self) -> int:
        """How many questions of the run at hand are still needed, the open one among them."""
        check = self._state.check
        return sum(self._needed(name, check) for name in check.plan) if check else 0

    def about_ten_minutes(self, part: BodyPart | None) -> str | None:
        """The question whether the cramp has lasted for more than ten minutes."""
        found, name = self._set(part), self._first_about(Symptom.PERSISTENT_PAIN)
        return found.instead.get(name, name) if found and name else name

    def forget_the_part(self) -> None:
        """Another part of the body: its skin and its strength were not asked about yet."""
        state = self._state
        for name in [name for name in state.answers if self._level[name] is not Urgency.EMERGENCY]:
            del state.answers[name]
        state.denied = {
            symptom
            for symptom in state.denied
            if self._levels.level((symptom,), ()) is Urgency.EMERGENCY
        }

    def _needed(self, name: str, check: Check) -> bool:
        question = self._content.questions[name]
        if self._settled(question) or self._can_wait(name, check):
            return False
        asserts_forbidding = self._levels.forbids_stretch(question.asserts)
        if check.after is not After.OUTCOME and asserts_forbidding:
            return True
        level = self._level[name]
        if name in self._brought_here():
            return self._state.urgency is not Urgency.EMERGENCY
        reached = highest(self._state.urgency, self.at_least(self._state.part))
        if reached is None:
            return True
        if level is None:
            # Circumstances matter for what is advised, not once it is "see a doctor".
            return reached.rank < Urgency.DOCTOR_NOW.rank
        return level.rank > reached.rank

    def _can_wait(self, name: str, check: Check) -> bool:
        """Whether enough was asked before the stretch, and this comes after it as well."""
        found = self._set(self._state.part)
        if found is None or name not in found.if_room or check.after is After.OUTCOME:
            return False
        return check.spoken >= MOST_BEFORE

    def _settled(self, question: Question) -> bool:
        state = self._state
        if question.id in state.answers:
            return True
        asked = frozenset(question.asserts)
        if not asked:
            return False
        if asked <= state.denied and question.level is None:
            return True
        # One sign of several settles the question only if it is as urgent as all of them.
        present = self._levels.level(asked & state.symptoms, state.symptoms)
        whole = self._level[question.id]
        return bool(asked & state.symptoms) and (
            whole is None or (present is not None and present.rank >= whole.rank)
        )

    def _brought(self) -> tuple[str, ...]:
        """The questions that what is known of the person brings up."""
        known = self._content.symptoms
        return tuple(name for symptom in self._state.symptoms for name in known[symptom].brings)

    def _brought_here(self) -> tuple[str, ...]:
        """The questions that it brings up for this part of the body."""
        found, known = self._set(self._state.part), self._state.symptoms
        brought = found.with_known.items() if found else ()
        return tuple(name for symptom, names in brought if symptom in known for name in names)

    def _first_about(self, symptom: Symptom) -> str | None:
        questions = self._content.questions.values()
        return next((item.id for item in questions if symptom in item.asserts), None)

    def _set(self, part: BodyPart | None) -> QuestionSet | None:
        sets = self._content.question_sets
        return next((item for item in sets if part in item.parts), None)


def answered(state: State, question: Question, reading: Reading) -> None:
    """Write down how a question was answered and what that says about symptoms."""
    state.answers[question.id] = reading
    state.last_answered = question.id
    if reading is Reading.CLEARED and question.level is None:
        # A question with a level of its own asks for more than its signs: a no to "fever with a
        # bad headache" does not deny the fever.
        state.deny_all(question.asserts)
    if reading is Reading.CLEARED:
        state.suspected.difference_update(question.asserts)
    elif reading is Reading.UNSURE:
        state.suspected.update(question.asserts)
