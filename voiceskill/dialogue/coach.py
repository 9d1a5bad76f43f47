"""Leads through one stretch: steps, counted holds, check-ins, rounds. Says and waits; what an
answer means for the rest of the conversation is decided by its callers."""

from __future__ import annotations

from voiceskill.content.labels import Symptom
from voiceskill.content.model import Content, HoldStep, Stretch
from voiceskill.dialogue.actions import Cue
from voiceskill.dialogue.chooser import StretchChooser
from voiceskill.dialogue.state import Run, State, Waiting
from voiceskill.dialogue.turn import STEP_S, YES_NO_S, Turn
from voiceskill.dialogue.waits import Waits
from voiceskill.stt.recognizer import Expect

BREATHE_AT_S = 2.0
"""Early in a hold, when people hold their breath, and before the first count."""

AFTERCARE_AT_ONCE = 3
"""More than three things are not remembered."""

SHORT_HOLD_S = 5
"""Holds up to this long follow each other: to be asked every five seconds annoys."""

SHORTEST_HOLD_S = 5.0
"""A hold that was interrupted at its very end is still held for this long."""

SHORTEST_WITH_CUE_S = 8.0
"""In shorter holds the breathing cue would run into the count."""


class Coach:
    """Runs the stretch of ``state.run``."""

    def __init__(
        self, content: Content, state: State, chooser: StretchChooser, waits: Waits
    ) -> None:
        self._content = content
        self._state = state
        self._chooser = chooser
        self._waits = waits

    def begin(self, turn: Turn, stretch: Stretch) -> None:
        """Start a stretch: its caution, then the first step."""
        state = self._state
        state.check = state.offer = state.answer = None
        state.tried.append(stretch.id)
        state.run = Run(stretch)
        if Symptom.INJURY not in state.denied and len(state.tried) == 1:
            turn.say("way_out")
        turn.line(f"{stretch.id}.caution", stretch.caution)
        self._step(turn)

    def advance(self, turn: Turn) -> bool:
        """Go on: release a hold, then the next step, or the check-in after the last; False when
        the stretch is over without one."""
        run = self._run
        if self._state.waiting is Waiting.HOLD:
            turn.line(f"{run.stretch.id}.release", run.stretch.release)
        if run.step + 1 < len(run.stretch.steps):
            run.step += 1
            self._step(turn)
        elif self._needs_no_check_in() and self.another_round(turn, "round_again"):
            return True
        elif not self._state.prevention:
            if run.stretch.settles_later:
                return False
            self.check_in(turn)
        elif run.stretch.one_sided and not self._state.turned:
            self.offer_other_side(turn)
        else:
            self.finish_routine(turn)
        return True

    def _needs_no_check_in(self) -> bool:
        """Whether the next round simply follows: short holds, or no cramp to ask after."""
        hold = self._now_holding
        return self._state.prevention or (hold is not None and hold.seconds <= SHORT_HOLD_S)

    def finish_routine(self, turn: Turn) -> None:
        """What was done against later cramps is over: there is no cramp to ask after."""
        self.aftercare(turn)
        self.rest_of_aftercare(turn)
        turn.say("prevention_done" if self._run.stretch.prevention else "practice_done")
        self._state.run = None
        self._waits.listen_open(turn)

    def back(self, turn: Turn) -> None:
        """One step back; from the check-in to the last step."""
        run = self._run
        if self._state.waiting in (Waiting.STEP, Waiting.HOLD):
            if run.step == 0:
                turn.say("first_step_already")
            run.step = max(0, run.step - 1)
        self._step(turn)

    def restart(self, turn: Turn) -> None:
        """The same stretch from its first step."""
        self._state.run = Run(self._run.stretch)
        self._step(turn)

    def again(self, turn: Turn) -> None:
        """Say again what is being done or asked; a hold goes on with the seconds it has left."""
        if self._state.waiting is Waiting.CHECK_IN:
            self.check_in(turn)
        elif self._state.waiting is Waiting.POSITION:
            self.offer(turn)
        elif self._state.waiting is Waiting.OTHER_SIDE:
            self.offer_other_side(turn)
        else:
            self._step(turn, self.seconds_left)

    def wait_on(self, turn: Turn) -> None:
        """Wait on without saying the step again."""
        waiting = self._state.waiting
        if waiting is Waiting.HOLD:
            self._hold(turn, self._now_holding, self.seconds_left)
        elif waiting is Waiting.STEP:
            turn.listen(Expect.COMMAND, "listen_step", STEP_S)
        else:
            self.again(turn)

    def check_in(self, turn: Turn, prompt: str = "check_in") -> None:
        """Ask whether it has eased."""
        self._state.waiting = Waiting.CHECK_IN
        turn.say(prompt)
        turn.listen(Expect.YES_NO, "listen_check", YES_NO_S)

    def another_round(self, turn: Turn, prompt: str = "another_round") -> bool:
        """Hold once more; False when all rounds are done."""
        run = self._run
        if run.round >= run.stretch.rounds:
            return False
        run.round += 1
        run.asked = 0
        holds = [place for place, step in enumerate(run.stretch.steps) if step.hold]
        run.step = holds[0] if holds else 0
        turn.say(prompt)
        self._step(turn)
        return True

    def next_stretch(self) -> Stretch | None:
        """Another stretch for the same muscle that was not tried yet."""
        return self._chooser.best(without=self._state.tried)

    def offer(self, turn: Turn, prompt: str = "offer_position") -> None:
        """Ask whether to try another stretch; without one left, ask whether it has eased."""
        stretch = self.next_stretch()
        if stretch is None:
            self.check_in(turn)
            return
        self._state.waiting = Waiting.POSITION
        turn.say(prompt, stretch=stretch.spoken_name)
        turn.listen(Expect.YES_NO, "listen_offer", YES_NO_S)

    def offer_other_side(self, turn: Turn, prompt: str = "offer_other_side") -> None:
        """Ask whether to do the same on the other side."""
        self._state.waiting = Waiting.OTHER_SIDE
        turn.say(prompt)
        turn.listen(Expect.YES_NO, "listen_offer", YES_NO_S)

    def aftercare(self, turn: Turn) -> None:
        """What to do now that it has eased; what is too much for once is kept for the end."""
        stretch = self._run.stretch
        lines = [
            (f"{stretch.id}.after.{place}", line) for place, line in enumerate(stretch.aftercare, 1)
        ]
        for name, line in lines[:AFTERCARE_AT_ONCE]:
            turn.line(name, line)
        self._state.aftercare_left = lines[AFTERCARE_AT_ONCE:]

    def rest_of_aftercare(self, turn: Turn) -> None:
        """The aftercare that was kept for the end."""
        for name, line in self._state.aftercare_left:
            turn.line(name, line)
        self._state.aftercare_left = []

    def who_not(self, turn: Turn) -> None:
        """Who should not do this stretch."""
        stretch = self._run.stretch
        for place, line in enumerate(stretch.who_not, 1):
            turn.line(f"{stretch.id}.who_not.{place}", line)

    @property
    def seconds_left(self) -> float:
        """Seconds of the current hold that are left; never less than makes sense to hold."""
        if self._state.waiting is not Waiting.HOLD:
            return 0.0
        return max(SHORTEST_HOLD_S, self._run.left_s)

    @property
    def _run(self) -> Run:
        run = self._state.run
        if run is None:
            raise RuntimeError("no stretch is being done")
        return run

    @property
    def _now_holding(self) -> HoldStep | None:
        run = self._run
        return run.stretch.steps[run.step].hold

    def _step(self, turn: Turn, seconds: float = 0.0) -> None:
        """Say the current step, then hold (for what is left, if anything) or wait."""
        run = self._run
        step = run.stretch.steps[run.step]
        turn.line(f"{run.stretch.id}.{run.step + 1}", step)
        if step.hold:
            self._hold(turn, step.hold, seconds or float(step.hold.seconds))
            return
        if not self._state.hinted:
            self._state.hinted = True
            turn.say("step_hint")
        self._state.waiting = Waiting.STEP
        turn.listen(Expect.COMMAND, "listen_step", STEP_S)

    def _hold(self, turn: Turn, step: HoldStep | None, seconds: float) -> None:
        if step is None:
            return
        elapsed = step.seconds - seconds
        cues = [
            Cue(second - elapsed, self._content.prompts[f"count_{second}"].say)
            for second in step.count
            if second > elapsed
        ]
        if step.breathing and seconds >= SHORTEST_WITH_CUE_S:
            cues.insert(0, Cue(BREATHE_AT_S, self._content.prompts["hold_breathe"].say))
        self._run.left_s = seconds
        self._state.waiting = Waiting.HOLD
        turn.hold(seconds, sorted(cues, key=lambda cue: cue.at_s))
