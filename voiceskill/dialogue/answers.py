"""Spoken answers to questions: picks the one that fits and says it, more on request."""

from __future__ import annotations

from functools import cached_property

from rapidfuzz import fuzz, process

from voiceskill.content.context import Caution
from voiceskill.content.labels import Intent
from voiceskill.content.model import Answer, Content
from voiceskill.dialogue.levels import Levels
from voiceskill.dialogue.spotting import patterns
from voiceskill.dialogue.state import Offer, State, Waiting
from voiceskill.dialogue.turn import OPEN_S, Turn
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise
from voiceskill.stt.recognizer import Expect

SAME_QUESTION = 93.0
"""Likeness in percent from which two questions differ by a letter or a little word only."""


class Answers:
    """Answers questions in one conversation."""

    def __init__(self, content: Content, state: State, levels: Levels) -> None:
        self._state = state
        self._levels = levels
        self._cautions = content.cautions
        self._by_intent: dict[Intent, list[Answer]] = {}
        for answer in content.answers:
            self._by_intent.setdefault(answer.intent, []).append(answer)

    @cached_property
    def _listed(self) -> dict[str, Answer]:
        """The questions that stand beside the answers, as the session sees words."""
        return {
            normalise(question): answer
            for answers in self._by_intent.values()
            for answer in answers
            for question in answer.ask
        }

    def pick(self, heard: Understanding, words: str) -> Answer | None:
        """The answer to a question: the one that lists (nearly) these words, else the longest
        match of its own words, else the part, else the default of the intent; None when prompts/
        hold none."""
        listed = process.extractOne(
            words, self._listed.keys(), scorer=fuzz.ratio, score_cutoff=SAME_QUESTION
        )
        if listed:
            return self._listed[listed[0]]
        answers = self._by_intent.get(heard.intent, [])
        fits = {answer.id: self._fit(answer, heard, words) for answer in answers}
        best = max(answers, key=lambda answer: fits[answer.id], default=None)
        if best is not None and fits[best.id] > (0, False):
            return best
        return next((answer for answer in answers if answer.default), best)

    def lines(self, turn: Turn) -> bool:
        """Say the answer without any offer; False when there is none."""
        answer = self.pick(turn.heard, turn.words)
        if answer is None:
            return False
        caution = self._caution(answer)
        name, lines = (caution.id, caution.lines) if caution else (answer.id, answer.lines)
        for place, line in enumerate(lines, 1):
            turn.line(f"{name}.{place}", line)
        return True

    def give(self, turn: Turn) -> bool:
        """Say the answer and what it offers, then listen; False when there is none."""
        answer = self.pick(turn.heard, turn.words)
        if answer is None:
            return False
        self.lines(turn)
        state = self._state
        state.answer, state.told_more = answer, 0
        if self._caution(answer):
            state.answer = None
        elif answer.offer:
            self._offer_to_act(turn, answer)
        elif answer.more:
            self._offer_more(turn)
        self._listen(turn)
        return True

    def more(self, turn: Turn) -> bool:
        """Say the next further line of the last answer; False when there was no answer."""
        state = self._state
        answer = state.answer
        if answer is None:
            return False
        if state.told_more >= len(answer.more):
            turn.say("nothing_more")
            self._offer_to_act(turn, answer)
        else:
            state.told_more += 1
            turn.line(f"{answer.id}.more.{state.told_more}", answer.more[state.told_more - 1])
            if state.told_more < len(answer.more):
                self._offer_more(turn)
            else:
                self._offer_to_act(turn, answer)
        self._listen(turn)
        return True

    def _caution(self, answer: Answer) -> Caution | None:
        """What is to be said in place of ``answer`` to this person now, if anything."""
        return next((caution for caution in self._cautions if self._holds(caution, answer)), None)

    def _holds(self, caution: Caution, answer: Answer) -> bool:
        if answer.intent not in caution.intents and answer.id not in caution.answers:
            return False
        state = self._state
        if caution.if_known and not state.symptoms.intersection(caution.if_known):
            return False
        known = state.symptoms | state.suspected
        if caution.if_forbidden and not self._levels.forbids_stretch(known):
            return False
        level = caution.from_level
        return level is None or (state.urgency is not None and state.urgency.rank >= level.rank)

    def _fit(self, answer: Answer, heard: Understanding, words: str) -> tuple[int, bool]:
        length = patterns(answer.about).longest(words) if answer.about else 0
        return (length, heard.body_part is not None and heard.body_part in answer.parts)

    def _offer_more(self, turn: Turn) -> None:
        self._state.offer = Offer.MORE
        turn.say("offer_more")

    def _offer_to_act(self, turn: Turn, answer: Answer) -> None:
        if not answer.offer or not answer.offers:
            return
        offer = Offer(answer.offers)
        forbidden = self._levels.forbids_stretch(self._state.symptoms | self._state.suspected)
        if offer is Offer.STRETCH and forbidden:
            return
        self._state.offer = offer
        turn.say(answer.offer)

    def _listen(self, turn: Turn) -> None:
        self._state.answering = True
        self._state.waiting = Waiting.OPEN
        turn.listen(Expect.OPEN, "listen_open", OPEN_S)
