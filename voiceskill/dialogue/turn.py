"""Builds the reply to one event, action by action."""

from __future__ import annotations

from collections.abc import Iterable

from voiceskill.content.model import Content, Line, Place, Question
from voiceskill.dialogue.actions import Action, Adjust, Cue, End, Hold, Listen, Say
from voiceskill.dialogue.speech import Speech
from voiceskill.dialogue.state import State
from voiceskill.nlu.meaning import Understanding
from voiceskill.stt.recognizer import Expect, Expectation

OPEN_S = 8.0
"""Silence after an open question: what the big assistants wait."""

YES_NO_S = 10.0
"""People in pain need longer to answer than to give a command."""

STEP_S = 6.0
"""Time to carry out one step; hands are busy, so silence goes on to the next."""

PLACE_S = 30.0
"""Time to pull over or to get out of the water."""

PAUSE_S = 60.0
"""Longest wait before asking whether anybody is still there."""

EMERGENCY_S = 15.0
"""Time to make the call before the call is asked for again."""


class Turn:
    """One event and the reply to it so far."""

    def __init__(self, content: Content, speech: Speech, state: State, now: float) -> None:
        self.now = now
        self.heard = Understanding("")
        """What was heard; empty unless the event was speech."""
        self.words = ""
        """What was heard, normalised."""
        self.moved = False
        """Whether it was about a position of the body."""
        self.known_state = False
        """Whether a sign is named that is old, on both sides, or of a plain cause."""
        self.turns_over = False
        """Whether the other side of the body is asked for."""
        self.country = False
        """Whether it says in which country the person is."""
        self.place: Place | None = None
        """An unsafe place that the person is in, by their words."""
        self.alarm = False
        """Whether what is said of that place makes it an emergency."""
        self.actions: list[Action] = []
        self.speech = speech
        self._content = content
        self._state = state

    def say(self, prompt: str, **slots: str) -> None:
        """Speak one prompt of lines.yaml."""
        self.actions.append(self.speech.prompt(prompt, **slots))

    def line(self, name: str, line: Line, **slots: str) -> None:
        """Speak a line of an answer, a stretch or an outcome, unless circumstances forbid it."""
        if not self._state.symptoms.intersection(line.unless):
            self.actions.append(self.speech.line(name, line, **slots))

    def question(self, question: Question, again: bool = False) -> None:
        """Speak a question of the triage."""
        words = question.again if again else question.say
        self.line(question.id, Line(say=words, sources=question.sources))

    def adjust(self, rate_wpm: int | None = None, gain_db: float | None = None) -> None:
        """Change how the assistant speaks."""
        self.actions.append(Adjust(rate_wpm, gain_db))

    def listen(self, kind: Expect, phrases: str, timeout_s: float) -> None:
        """End the reply by listening; ``phrases`` names a list of phrases.yaml."""
        likely = self._expectation(kind, self._content.phrases[phrases])
        self.actions.append(Listen(likely, timeout_s))

    def listen_for_part(self) -> None:
        """End the reply by listening for a part of the body."""
        likely = self._expectation(Expect.WHERE, tuple(self._content.part_names.values()))
        self.actions.append(Listen(likely, YES_NO_S))

    def hold(self, seconds: float, cues: Iterable[Cue]) -> None:
        """End the reply with a counted hold."""
        likely = self._expectation(Expect.COMMAND, self._content.phrases["listen_hold"])
        self.actions.append(Hold(seconds, tuple(cues), likely))

    def end(self) -> None:
        """End the conversation."""
        self.actions.append(End())

    @property
    def said(self) -> list[Say]:
        """What is spoken so far."""
        return [action for action in self.actions if isinstance(action, Say)]

    @property
    def speaks_outcome(self) -> bool:
        """Whether the reply so far tells what to do about a danger."""
        return any(say.prompt.startswith("outcome_") for say in self.said)

    def _expectation(self, kind: Expect, phrases: tuple[str, ...]) -> Expectation:
        return Expectation(kind, phrases, self._content.phrases["early"])
