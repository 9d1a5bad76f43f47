"""Plays patients against the text chat: they say why they came, and answer what they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from tests.dialogue.talk import content, understand
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict
from voiceskill.dialogue.actions import Status
from voiceskill.dialogue.session import Session
from voiceskill.textchat import TextChat, Turn

FOLDER = Path(__file__).parents[1] / "cases"

LONGEST = 80
"""Turns after which a conversation counts as going round in circles."""


class Case(Strict):
    """A patient."""

    id: str
    says: str
    then: tuple[str, ...] = ()
    """What they say next, where the conversation is open again."""
    part: str = "my calf"
    """Their answer to where it cramps."""
    has: tuple[Symptom, ...] = ()
    """All that is true of them; asked for it they say so, asked for anything else they deny."""
    unsure: tuple[Symptom, ...] = ()
    """They never know about these."""
    hesitates: tuple[Symptom, ...] = ()
    """They do not know about these when first asked, and do when asked again."""
    silent: tuple[Symptom, ...] = ()
    """Asked about these they say nothing."""
    words: dict[Symptom, str] = Field(default_factory=dict)
    """How they say that they have it, or do not know, instead of a plain answer."""
    denies: dict[Symptom, str] = Field(default_factory=dict)
    """How they say that they do not have it."""
    eases: bool = True
    """Whether the stretch helps."""
    level: Urgency
    accept: tuple[Urgency, ...] = ()
    """Higher levels that would be right as well."""
    why: str


@dataclass
class Visit:
    """How a patient's conversation went."""

    case: Case
    level: Urgency | None = None
    to_level: int = 0
    """Questions asked until the level was reached that it ended with."""
    to_step: int | None = None
    """Questions asked before the first step of a stretch; None when there was none."""
    said: list[str] = field(default_factory=list)
    """The whole conversation, for messages."""

    @property
    def right(self) -> bool:
        return self.level is self.case.level or self.level in self.case.accept

    @property
    def too_low(self) -> bool:
        """Whether they go home with less than they need; an answer alone is no level."""
        return (self.level or Urgency.SELF_CARE).rank < self.case.level.rank

    def __str__(self) -> str:
        got = self.level.value if self.level else "no level"
        wanted = f"{self.case.id}: {got}, right is {self.case.level.value} ({self.case.why})"
        return "\n    ".join([wanted, *self.said])


def cases() -> list[Case]:
    """All patients of tests/cases/."""
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        found += load_yaml(path, list[Case])
    return found


def as_it_is(plain: str) -> str:
    """A plain answer in these very words."""
    return plain


def visit(case: Case, word: Callable[[str], str] = as_it_is) -> Visit:
    """One patient's whole conversation, from the greeting to the goodbye; ``word`` puts their
    "yes", "no" and "not sure" into words of their own."""
    chat = TextChat(Session(content(), understand))
    patient = _Patient(case, word)
    result = Visit(case)
    chat.start()
    questions, turn = 0, _say(chat, case.says, result)
    for _ in range(LONGEST):
        status = turn.status
        if status.urgency is not result.level:
            result.level, result.to_level = status.urgency, questions
        if result.to_step is None and _is_step(turn):
            result.to_step = questions
        if status.ended:
            return result
        questions += bool(status.asks)
        turn = _say(chat, patient.answer(turn), result)
    raise AssertionError(f"no end after {LONGEST} turns: {result}")


def _say(chat: TextChat, text: str, result: Visit) -> Turn:
    turn = chat.say(text)
    result.said.append(f"> {text}")
    result.said.append(" ".join(turn.said))
    return turn


def _is_step(turn: Turn) -> bool:
    return turn.status.mode == "stretch" and turn.status.step is not None


class _Patient:
    def __init__(self, case: Case, word: Callable[[str], str]) -> None:
        self._case = case
        self._word = word
        self._then = list(case.then)
        self._asked: set[str | None] = set()
        self._steps = 0

    def answer(self, turn: Turn) -> str:
        status = turn.status
        if status.asks:
            return self._about_symptoms(status)
        if status.topic == "emergency":
            return "goodbye"
        if status.mode == "stretch":
            return self._stretching(turn)
        if self._then:
            return self._then.pop(0)
        offered = turn.said[-1].endswith("?") and status.mode == "answer"
        offered = offered or turn.said[-1] == content().prompts["offer_check"].say
        return "yes" if offered else "goodbye"

    def _about_symptoms(self, status: Status) -> str:
        case, asks = self._case, set(status.asks)
        again = status.topic in self._asked
        self._asked.add(status.topic)
        if asks & set(case.silent):
            return ""
        if asks & set(case.unsure) or (asks & set(case.hesitates) and not again):
            return _worded(case.words, asks) or self._word("not sure")
        if asks & set(case.has):
            said = _worded(case.words, asks & set(case.has))
            return said or self._word(status.asks_if or "yes")
        said = _worded(case.denies, asks)
        return said or self._word("yes" if status.asks_if == "no" else "no")

    def _stretching(self, turn: Turn) -> str:
        if turn.status.topic is None:
            return self._case.part
        if turn.status.step is None:
            return "done"
        if not turn.said[-1].endswith("?"):
            self._steps += 1
            return "next" if self._steps % 2 else ""
        if content().prompts["check_in"].say in turn.said:
            return "better" if self._case.eases else "no"
        return "yes"


def _worded(words: dict[Symptom, str], asks: set[Symptom]) -> str | None:
    return next((text for symptom, text in words.items() if symptom in asks), None)
