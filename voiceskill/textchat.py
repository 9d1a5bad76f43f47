"""The text chat: carries out a session's replies on a virtual clock, without any sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from voiceskill.dialogue.actions import Adjust, Hold, Listen, Reply, Say, Status
from voiceskill.dialogue.events import Event, Heard, HoldEnded, Silence
from voiceskill.dialogue.session import Session

TURN_S = 3.0
"""A person's turn: thinking and a short sentence. Only the ten-minute rule depends on it."""

WORDS_A_SECOND = 145 / 60
"""How fast the voice speaks at its normal rate."""


@dataclass(frozen=True)
class Turn:
    """What one user turn brought, until the assistant listens again."""

    heard: str | None
    intent: str | None
    said: tuple[str, ...]
    status: Status
    holds: tuple[Hold, ...] = ()
    """The holds that were counted; their cues stand in ``said`` as well."""

    def as_json(self) -> dict[str, Any]:
        """The object of the chat contract."""
        status = self.status
        return {
            "heard": self.heard,
            "intent": self.intent,
            "said": list(self.said),
            "mode": status.mode,
            "topic": status.topic,
            "step": status.step,
            "steps": status.steps,
            "asks": [symptom.value for symptom in status.asks],
            "asks_if": status.asks_if,
            "urgency": status.urgency.value if status.urgency else None,
            "ended": status.ended,
        }


class TextChat:
    """A conversation typed and read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._now_s = 0.0
        self._timeout_s = 0.0

    def start(self) -> Turn:
        """The greeting."""
        return self._carry_out(None, self._session.start(self._now_s))

    def say(self, line: str) -> Turn:
        """One user turn; an empty line is a silence that ran out."""
        heard = line.strip()
        self._now_s += TURN_S if heard else self._timeout_s
        event: Event = Heard(heard) if heard else Silence()
        return self._carry_out(heard, self._session.handle(event, self._now_s))

    def _carry_out(self, heard: str | None, reply: Reply) -> Turn:
        """Do what the reply asks until the person's turn comes."""
        understanding = reply.understanding
        said: list[str] = []
        holds: list[Hold] = []
        while hold := self._speak(reply, said):
            holds.append(hold)
            reply = self._session.handle(HoldEnded(), self._now_s)
        intent = understanding.intent.value if understanding else None
        return Turn(heard, intent, tuple(said), reply.status, tuple(holds))

    def _speak(self, reply: Reply, said: list[str]) -> Hold | None:
        """Take down what is said; the hold that ran its course when the reply ends in one."""
        for action in reply.actions:
            if isinstance(action, Say):
                said.extend(action.sentences)
                words = sum(len(sentence.split()) for sentence in action.sentences)
                self._now_s += words / WORDS_A_SECOND
            elif isinstance(action, Hold):
                said.extend(cue.text for cue in action.cues)
                self._now_s += action.seconds
                return action
            elif isinstance(action, Listen):
                self._timeout_s = action.timeout_s
            elif isinstance(action, Adjust):
                continue
        return None
