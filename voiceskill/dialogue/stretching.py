"""Takes what is said, or not said, while a stretch is being done. The place is never lost."""

from __future__ import annotations

from voiceskill.content.labels import Intent
from voiceskill.content.model import Content
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.chooser import StretchChooser
from voiceskill.dialogue.coach import Coach
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.spotting import patterns, spotted
from voiceskill.dialogue.state import STRETCHING, State, Waiting
from voiceskill.dialogue.turn import Turn
from voiceskill.dialogue.waits import Waits
from voiceskill.dialogue.weighing import weighed_in_a_stretch

CHECK_INS = 2
"""Further wordings of the check-in before it is left."""

LEAST_SURE = 0.5
"""Of a yes to whether it has eased: of 153 lines that mean one none was understood less surely."""

_GOES_ON = frozenset({Intent.NEXT, Intent.YES, Intent.RESUME})
_NEW_CRAMP = frozenset({Intent.CRAMP_NOW, Intent.START_STRETCH, Intent.BODY_PART})
_CRAMPS_STILL = frozenset({Intent.SAME, Intent.CRAMP_NOW})

_TOLD = ("how_far", "which_side")
"""What is asked in the middle of a stretch and told in one line, by its names in phrases.yaml and
lines.yaml."""


class Stretching:
    """Handles a conversation in the middle of a stretch."""

    def __init__(
        self,
        content: Content,
        state: State,
        coach: Coach,
        chooser: StretchChooser,
        flow: Flow,
        answers: Answers,
        waits: Waits,
    ) -> None:
        self._phrases = content.phrases
        self._state = state
        self._coach = coach
        self._chooser = chooser
        self._flow = flow
        self._answers = answers
        self._waits = waits
        self._here = {
            Waiting.STEP: self._step,
            Waiting.HOLD: self._step,
            Waiting.CHECK_IN: self._check_in,
            Waiting.POSITION: self._position,
            Waiting.OTHER_SIDE: self._other_side,
        }

    def weigh(self, turn: Turn) -> None:
        """Take out of what was said an end or relief that is not in it."""
        if self._state.waiting in STRETCHING:
            turn.heard = weighed_in_a_stretch(turn.heard, turn.words, self._phrases)

    def heard(self, turn: Turn) -> None:
        """Pain stops it, another position or muscle changes it, all else depends on the step."""
        intent = turn.heard.intent
        if intent is Intent.WORSE or spotted(self._phrases["hurts"], turn.words):
            self._flow.worse(turn)
        elif turn.turns_over:
            self._turn_over(turn)
        elif turn.moved and self._reposition(turn):
            return
        elif intent in _NEW_CRAMP and self._flow.is_another_part(turn.heard.body_part):
            self._flow.switch_part(turn)
        elif intent is Intent.BETTER and self._state.prevention:
            self._advance(turn)
        elif intent is Intent.BETTER and self._state.waiting is not Waiting.OTHER_SIDE:
            self._flow.eased(turn)
        elif not self._anywhere(turn):
            self._here[self._state.waiting](turn)

    def missed(self, turn: Turn) -> None:
        """Something was said that nobody could make out, or that is not for us."""
        state = self._state
        if state.waiting is Waiting.CHECK_IN:
            self._ask_differently(turn)
        elif state.waiting is Waiting.POSITION:
            self._offer_again(turn)
        elif state.waiting is Waiting.OTHER_SIDE:
            self._offer_other_side_again(turn)
        elif state.waiting is Waiting.HOLD:
            turn.say("hold_reminder")
            self._coach.wait_on(turn)
        else:
            state.misses += 1
            turn.say("stretch_reminder_1" if state.misses % 2 else "stretch_reminder_2")
            self._coach.wait_on(turn)

    def quiet(self, turn: Turn) -> None:
        """Hands are busy: silence at a step goes on, at a question it is asked differently."""
        state = self._state
        if state.waiting in (Waiting.STEP, Waiting.HOLD):
            self._advance(turn)
        elif state.waiting is Waiting.POSITION:
            self._offer_again(turn)
        elif state.waiting is Waiting.OTHER_SIDE:
            self._offer_other_side_again(turn)
        elif self._asked() >= CHECK_INS:
            self._waits.safe_close(turn)
        else:
            self._ask_differently(turn)

    def again(self, turn: Turn) -> None:
        """Say again what is being done or asked."""
        self._coach.again(turn)

    def _advance(self, turn: Turn) -> None:
        if not self._coach.advance(turn):
            self._flow.afterwards(turn)

    def _anywhere(self, turn: Turn) -> bool:
        """What is answered alike at a step, a hold and a check-in; False when it was no such."""
        intent = turn.heard.intent
        told = next((name for name in _TOLD if spotted(self._phrases[name], turn.words)), None)
        if told:
            turn.say(told)
            self._coach.again(turn)
        elif spotted(self._phrases["who_not"], turn.words):
            self._coach.who_not(turn)
            self._coach.again(turn)
        elif intent is Intent.START_TRIAGE:
            self._flow.check(turn)
        elif intent.is_question and self._answers.lines(turn):
            turn.say("back_to_stretch")
            self._coach.again(turn)
        elif intent is Intent.RESTART or spotted(self._phrases["first_part"], turn.words):
            self._coach.restart(turn)
        elif intent is Intent.BACK:
            self._coach.back(turn)
        elif spotted(self._phrases["another_way"], turn.words):
            self._another_way(turn)
        elif intent is Intent.REPORT_SYMPTOM:
            if turn.heard.symptoms:
                turn.say("noted")
            self._coach.again(turn)
        else:
            return False
        return True

    def _step(self, turn: Turn) -> None:
        intent = turn.heard.intent
        if intent in _GOES_ON:
            self._advance(turn)
        elif intent is Intent.NO:
            self._offer_another(turn)
        elif spotted(self._phrases["ouch"], turn.words):
            turn.say("ease_off")
            self._coach.again(turn)
        elif intent in _CRAMPS_STILL:
            turn.say("keep_going")
            self._coach.again(turn)
        elif intent in _NEW_CRAMP or intent is Intent.UNSURE:
            self._coach.again(turn)
        else:
            self.missed(turn)

    def _check_in(self, turn: Turn) -> None:
        intent = turn.heard.intent
        no_pain = intent is Intent.NO and patterns(self._phrases["no_pain"]).matches(turn.words)
        if no_pain or (intent is Intent.YES and turn.heard.confidence >= LEAST_SURE):
            self._flow.eased(turn)
        elif intent is Intent.NO or intent in _CRAMPS_STILL:
            self._not_eased(turn)
        elif intent is Intent.START_STRETCH:
            self._another_way(turn)
        else:
            self._ask_differently(turn)

    def _position(self, turn: Turn) -> None:
        intent = turn.heard.intent
        if intent in _GOES_ON or intent in _NEW_CRAMP:
            self._begin_next(turn)
        elif intent is Intent.NO and self._is_before_the_hold():
            self._state.waiting = Waiting.STEP
            turn.say("back_to_stretch")
            self._coach.again(turn)
        elif intent is Intent.NO:
            self._flow.ten_minutes(turn)
        else:
            self._offer_again(turn)

    def _other_side(self, turn: Turn) -> None:
        intent = turn.heard.intent
        if intent in _GOES_ON or intent in _NEW_CRAMP:
            self._flow.other_side(turn)
        elif intent in (Intent.NO, Intent.BETTER):
            self._leave_other_side(turn)
        else:
            self._offer_other_side_again(turn)

    def _offer_other_side_again(self, turn: Turn) -> None:
        if self._asked():
            self._leave_other_side(turn)
            return
        self._set_asked(1)
        self._coach.offer_other_side(turn, "offer_other_side_again")

    def _leave_other_side(self, turn: Turn) -> None:
        """One side was enough."""
        if self._state.prevention:
            self._coach.finish_routine(turn)
        else:
            self._flow.afterwards(turn)

    def _turn_over(self, turn: Turn) -> None:
        """The other side is asked for; steps that do both sides come to it by themselves."""
        run = self._state.run
        if run and not run.stretch.one_sided and self._state.waiting is not Waiting.CHECK_IN:
            self._advance(turn)
        else:
            self._flow.other_side(turn)

    def _not_eased(self, turn: Turn) -> None:
        if self._state.has_lasted(turn.now):
            self._flow.ten_minutes(turn)
        elif self._coach.another_round(turn):
            return
        elif self._coach.next_stretch():
            self._set_asked(0)
            self._coach.offer(turn)
        else:
            self._flow.ten_minutes(turn)

    def _ask_differently(self, turn: Turn) -> None:
        if self._asked() >= CHECK_INS:
            self._flow.ten_minutes(turn)
            return
        self._set_asked(self._asked() + 1)
        self._coach.check_in(turn, f"check_in_again_{self._asked()}")

    def _offer_again(self, turn: Turn) -> None:
        if self._asked():
            self._flow.ten_minutes(turn)
            return
        self._set_asked(1)
        self._coach.offer(turn, "offer_position_again")

    def _offer_another(self, turn: Turn) -> None:
        """A no to a step: it does not go like this."""
        if self._coach.next_stretch():
            self._set_asked(0)
            self._coach.offer(turn)
            return
        turn.say("stretch_reminder_2")
        self._coach.wait_on(turn)

    def _is_before_the_hold(self) -> bool:
        run = self._state.run
        return run is not None and run.round == 1 and run.step < len(run.stretch.steps) - 1

    def _another_way(self, turn: Turn) -> None:
        """Another stretch for the same muscle, because this one is too hard or unwelcome."""
        if self._coach.next_stretch():
            turn.say("switch_position")
            self._begin_next(turn)
        else:
            turn.say("no_stretch_fits")
            self._flow.check(turn, intro=False)

    def _begin_next(self, turn: Turn) -> None:
        stretch = self._coach.next_stretch()
        if stretch:
            self._coach.begin(turn, stretch)

    def _reposition(self, turn: Turn) -> bool:
        """Change to the stretch for the position that was named; False when this one is it."""
        run, best = self._state.run, self._chooser.best()
        if run is None or (best is not None and best.id == run.stretch.id):
            return False
        if best is None:
            turn.say("no_stretch_fits")
            self._flow.check(turn, intro=False)
            return True
        stays = run.stretch.position not in self._state.cannot
        if stays and best.position != self._state.position:
            return False
        turn.say("switch_position")
        self._coach.begin(turn, best)
        return True

    def _asked(self) -> int:
        return self._state.run.asked if self._state.run else 0

    def _set_asked(self, times: int) -> None:
        if self._state.run:
            self._state.run.asked = times
