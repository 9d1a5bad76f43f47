"""Takes what is said, or not said, while nothing is going on."""

from __future__ import annotations

from voiceskill.content.labels import Intent
from voiceskill.content.model import Content
from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.answers import Answers
from voiceskill.dialogue.flow import Flow
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.spotting import spotted
from voiceskill.dialogue.state import Offer, State
from voiceskill.dialogue.turn import Turn
from voiceskill.dialogue.waits import Waits

TRIES = 2
"""Helpful wordings before the safe close."""

_CRAMP = frozenset({Intent.CRAMP_NOW, Intent.START_STRETCH, Intent.BODY_PART})


class Idle:
    """Handles a conversation that waits for anything at all."""

    def __init__(
        self,
        content: Content,
        state: State,
        levels: Levels,
        flow: Flow,
        answers: Answers,
        advice: Advice,
        waits: Waits,
    ) -> None:
        self._phrases = content.phrases
        self._state = state
        self._levels = levels
        self._flow = flow
        self._answers = answers
        self._advice = advice
        self._waits = waits

    def heard(self, turn: Turn) -> None:
        """Start what is asked for."""
        state = self._state
        offer, state.offer = state.offer, None
        intent = turn.heard.intent
        in_pain = intent is Intent.NONE and spotted(self._phrases["ouch"], turn.words)
        back = not intent.is_question and spotted(self._phrases["back_again"], turn.words)
        # "Keep going" after a stop means the stretch, unless an answer has more to tell.
        goes_on = intent is Intent.RESUME and bool(state.tried) and state.answer is None
        if turn.turns_over and state.part:
            self._flow.other_side(turn)
        elif intent in _CRAMP or in_pain or back or goes_on:
            self._flow.relief(turn)
        elif intent is Intent.START_TRIAGE or self._says_it_hurts(turn):
            self._flow.check(turn)
        elif intent.is_question and self._answers.give(turn):
            self._flow.take_part(turn.heard.body_part)
        elif intent is Intent.REPORT_SYMPTOM:
            self._symptom(turn)
        elif intent is Intent.YES and offer:
            self._accept(turn, offer)
        elif intent in (Intent.NEXT, Intent.RESUME) and self._answers.more(turn):
            return
        elif intent is Intent.WORSE:
            turn.say("sorry_worse")
            self._flow.check(turn, intro=False)
        else:
            self._small_talk(turn)

    def missed(self, turn: Turn) -> None:
        """Something was said that is not for us or could not be made out."""
        self._state.misses += 1
        self._help_out(turn, "no_match_idle", self._state.misses)

    def quiet(self, turn: Turn) -> None:
        """Nobody answers."""
        self._state.silences += 1
        self._help_out(turn, "no_input_idle", self._state.silences)

    def again(self, turn: Turn) -> None:
        """Ask openly again."""
        turn.say("ask_open")
        self._waits.listen_open(turn)

    def _says_it_hurts(self, turn: Turn) -> bool:
        """Whether it hurts, by words of which the intent was not clear."""
        return turn.heard.intent is Intent.NONE and spotted(self._phrases["hurts"], turn.words)

    def _small_talk(self, turn: Turn) -> None:
        intent = turn.heard.intent
        if intent is Intent.NO:
            turn.say("ask_what_else")
        elif intent is Intent.BETTER:
            turn.say("glad_open")
        elif intent is Intent.SAME:
            turn.say("same_open")
            if not self._flow.stretch_is_forbidden():
                self._state.offer = Offer.STRETCH
                turn.say("offer_stretch")
        elif intent is Intent.RESTART:
            turn.say("ask_open")
        else:
            self.missed(turn)
            return
        self._waits.listen_open(turn)

    def _symptom(self, turn: Turn) -> None:
        """A sign that calls for an appointment, or was told of before, or is a circumstance."""
        heard = turn.heard
        self._flow.take_part(heard.body_part)
        level = self._levels.level(heard.symptoms, self._state.symptoms)
        if level:
            self._advice.speak(turn, level, heard.symptoms)
            self._state.offer = Offer.TRIAGE
            turn.say("offer_check")
        elif heard.body_part:
            # "My calf hurts since the run" asks for help as well.
            self._flow.relief(turn)
            return
        elif not heard.symptoms:
            # Something is wrong, and we did not catch what.
            self._flow.check(turn)
            return
        else:
            turn.say("noted_context")
        self._waits.listen_open(turn)

    def _accept(self, turn: Turn, offer: Offer) -> None:
        answer = self._state.answer
        if offer is Offer.MORE:
            self._answers.more(turn)
        elif offer is Offer.TRIAGE:
            self._flow.check(turn)
        else:
            # Asked how to prevent cramps, the stretch is meant for later, not for a cramp now.
            later = answer is not None and answer.intent is Intent.ASK_PREVENTION
            self._flow.relief(turn, prevention=later and self._state.cramp_since is None)

    def _help_out(self, turn: Turn, prompt: str, times: int) -> None:
        if times > TRIES:
            self._waits.safe_close(turn)
            return
        turn.say(f"{prompt}_{times}")
        self._waits.listen_open(turn)
