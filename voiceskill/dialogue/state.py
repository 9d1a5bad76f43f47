"""What a conversation remembers from turn to turn: plain values that the rest of the room acts
on."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum

from voiceskill.content.labels import BodyPart, Side, Symptom, Urgency, highest
from voiceskill.content.model import Answer, Line, Place, Stretch

TEN_MINUTES_S = 600.0
"""A cramp that lasts longer needs advice (NHS)."""


class Waiting(Enum):
    """What the last reply waits for; it decides who takes the next event."""

    OPEN = "open"
    PLACE = "place"
    WHERE = "where"
    QUESTION = "question"
    STEP = "step"
    HOLD = "hold"
    CHECK_IN = "check_in"
    POSITION = "position"
    OTHER_SIDE = "other_side"
    EMERGENCY = "emergency"
    ENDED = "ended"


STRETCHING = frozenset(
    {Waiting.STEP, Waiting.HOLD, Waiting.CHECK_IN, Waiting.POSITION, Waiting.OTHER_SIDE}
)
"""What is waited for while a stretch is being done."""


class After(Enum):
    """What follows when the questions of a check are answered."""

    STRETCH = "stretch"
    RESUME = "resume"
    OUTCOME = "outcome"


class Offer(Enum):
    """What a yes starts when nothing else was asked."""

    STRETCH = "stretch"
    TRIAGE = "triage"
    MORE = "more"


class Reading(Enum):
    """What an utterance means as an answer to a yes/no question about warning signs."""

    ASSERTED = "asserted"
    CLEARED = "cleared"
    UNSURE = "unsure"
    PARTLY = "partly"
    """Only a part of what was asked is denied."""
    OTHER = "other"


@dataclass
class Check:
    """A run of questions."""

    plan: tuple[str, ...]
    """Ids of the questions, in the order of asking."""
    after: After
    current: str | None = None
    attempts: int = 0
    """How often the current question was not answered by yes or no."""
    talked: bool = False
    """Whether one of these was talk, not silence or "not sure"."""
    partly: bool = False
    """Whether a part of what the current question asks was denied."""
    spoken: int = 0
    """How many questions were spoken, each wording counted."""
    asked: list[str] = field(default_factory=list)
    """Ids of the questions before the current one, the last one last."""

    def turn_to(self, question: str | None) -> None:
        """Make ``question`` the current one, not asked so far."""
        self.current = question
        self.attempts = 0
        self.talked = self.partly = False


@dataclass
class Run:
    """A stretch being done."""

    stretch: Stretch
    step: int = 0
    """Index of the current step."""
    round: int = 1
    left_s: float = 0.0
    """Seconds of the current hold that are left."""
    asked: int = 0
    """How often the check-in was asked without a usable answer."""


@dataclass
class State:
    """One conversation."""

    waiting: Waiting = Waiting.OPEN
    paused: bool = False
    symptoms: set[Symptom] = field(default_factory=set)
    """Said to be there; nothing is ever taken away."""
    denied: set[Symptom] = field(default_factory=set)
    suspected: set[Symptom] = field(default_factory=set)
    """Asked for and never made sure of."""
    answers: dict[str, Reading] = field(default_factory=dict)
    """How the questions asked so far were answered, by id."""
    last_answered: str | None = None
    """The question answered last: a correction is about that one."""
    corrected: str | None = None
    """The question whose yes was taken back, while it is asked once more."""
    urgency: Urgency | None = None
    announced: set[Symptom] = field(default_factory=set)
    """Signs that need a doctor and of which that was said."""
    told: Urgency | None = None
    """The highest level whose action was spoken."""
    part: BodyPart | None = None
    side: Side | None = None
    """Side of the cramp, where it was named."""
    turned: bool = False
    """Whether it is the second of two sides."""
    both_sides: bool = False
    """Whether both sides cramp, and only one was stretched so far."""
    cramp_since: float | None = None
    """When a cramp was first mentioned, in the seconds of ``now``."""
    position: str | None = None
    cannot: set[str] = field(default_factory=set)
    """Positions that the person ruled out."""
    place: Place | None = None
    """Where the person has to get away from first."""
    is_helper: bool = False
    """Whether it is somebody else who is in danger, and we talk to the one who helps."""
    help_called: bool = False
    """Whether help is on its way."""
    told_of_return: bool = False
    """Whether it was said that signs which have gone need the call all the same."""
    check: Check | None = None
    run: Run | None = None
    tried: list[str] = field(default_factory=list)
    """Stretches of this cramp so far, by id."""
    named: tuple[str, ...] = ()
    """Stretches that were asked for by name, by id."""
    prevention: bool = False
    """Whether stretches against later cramps are wanted, not one for a cramp now."""
    sought: set[BodyPart] = field(default_factory=set)
    """Parts that help was sought for in this conversation."""
    sought_before: frozenset[BodyPart] = frozenset()
    """Parts that help was sought for in earlier conversations of the day."""
    concluded: set[BodyPart] = field(default_factory=set)
    """Parts that an outcome was given for."""
    repeated: bool = False
    """Whether help is sought for the same cramp once more within a day."""
    region: str | None = None
    """Code of the country, as in regions.yaml, for its emergency number."""
    hinted: bool = False
    """Whether the words that go on were told."""
    offer: Offer | None = None
    answer: Answer | None = None
    told_more: int = 0
    """How many of the answer's further lines were said."""
    answering: bool = False
    """Whether the last reply was an answer to a question."""
    outcome: Urgency | None = None
    """The outcome that the last reply spoke, shown as the topic."""
    emergency_lines: list[tuple[str, Line]] = field(default_factory=list)
    """What to do while waiting for help, the next one first."""
    aftercare_left: list[tuple[str, Line]] = field(default_factory=list)
    """Aftercare that is said when the questions are done."""
    misses: int = 0
    """Utterances in a row that could not be used."""
    silences: int = 0
    """Time-outs in a row."""

    def copy(self) -> State:
        """The same in values of its own; content is shared."""
        shared = (self.place, self.answer, self.run.stretch if self.run else None)
        return deepcopy(self, {id(one): one for one in shared})

    def has_lasted(self, now: float) -> bool:
        """Whether the cramp was first mentioned ten minutes ago."""
        return self.cramp_since is not None and now - self.cramp_since >= TEN_MINUTES_S

    def has_held(self, seconds: float) -> None:
        """So much of the current hold is done."""
        if self.run:
            self.run.left_s -= seconds

    def raise_to(self, level: Urgency | None) -> None:
        """Urgency only ever rises."""
        self.urgency = highest(self.urgency, level)

    def assert_all(self, symptoms: Iterable[Symptom]) -> None:
        """Take symptoms as present; a sign that was once said is never denied away."""
        self.symptoms.update(symptoms)
        self.denied -= self.symptoms

    def deny_all(self, symptoms: Iterable[Symptom]) -> None:
        """Take symptoms as absent, unless they were said to be there."""
        self.denied.update(symptoms)
        self.denied -= self.symptoms
