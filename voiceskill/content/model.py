"""The typed form of everything in prompts/: what is said, what is understood, what is urgent.

Plain values, checked for their own shape here; that they fit together (every label, prompt
and source that is named exists) is checked by ``content.checks`` when they are loaded.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from voiceskill.content.context import Caution, Inference, Remark
from voiceskill.content.labels import BodyPart, Intent, Symptom, Urgency
from voiceskill.content.line import Line as Line
from voiceskill.content.line import Spoken
from voiceskill.content.line import Strict as Strict
from voiceskill.content.line import Template as Template


class Source(Strict):
    """Where a fact comes from."""

    title: str
    address: str | None = None
    kind: str
    """own (the organisation's page), copy, second_hand, article, or none."""


class Answer(Strict):
    """A spoken answer to a question."""

    id: str
    intent: Intent
    default: bool = False
    """The answer of its intent when no other fits better; exactly one an intent."""
    about: tuple[Template, ...] = ()
    """Templates of words in the question that make this the answer rather than the default."""
    parts: tuple[BodyPart, ...] = ()
    """Body parts in the question that make this the answer."""
    lines: tuple[Line, ...] = Field(min_length=1)
    """The answer itself: at most 35 words in all."""
    more: tuple[Line, ...] = ()
    """Said one at a time to "tell me more"; each at most 35 words."""
    offer: str | None = None
    """Id of the prompt that ends the answer with a fitting offer, if any."""
    offers: str | None = None
    """What a yes to the offer starts: "stretch" or "triage"."""
    ask: tuple[str, ...] = Field(min_length=3)
    """Differently worded questions that this answers; tested."""


class HoldStep(Strict):
    """A counted hold."""

    seconds: int = Field(ge=2, le=60)
    count: tuple[int, ...] = ()
    """Seconds at which the count is spoken; each needs a prompt count_N."""
    breathing: bool = True
    """Whether a breathing cue is spoken early in the hold."""


class Step(Line):
    """One instruction of a stretch."""

    hold: HoldStep | None = None
    """The hold that follows the instruction, if any."""


class Position(Strict):
    """One way to take up a stretch."""

    name: str
    """lying, sitting, standing, side, floor, or any."""
    words: tuple[Template, ...] = ()
    """Templates, spotted in an utterance, that choose it ("i'm in bed")."""
    cannot: tuple[Template, ...] = ()
    """Templates, spotted in an utterance, that rule it out ("i can't stand")."""
    avoid_if: tuple[Symptom, ...] = ()
    """Circumstances in which it is chosen only when nothing else is left (lying, pregnant)."""


class Place(Strict):
    """Somewhere that has to be left before anything else: the road, the water, the stairs."""

    id: str
    words: tuple[Template, ...]
    """Templates, spotted in an utterance, that say the person is there now."""
    lines: tuple[Line, ...] = Field(min_length=1)
    """How to get safe, one instruction a sentence; the last asks to say when it is done."""
    left: tuple[Template, ...] = Field(min_length=1)
    """Templates, spotted in an utterance, that say the person is out of it."""
    still: tuple[Line, ...] = Field(min_length=1)
    """Said in turn to everything else, until the person is out of it."""
    alarm: tuple[Template, ...] = ()
    """Templates, spotted there, that make it an emergency at once ("i can't float")."""
    cry: tuple[Template, ...] = ()
    """The same, once the way out of it was told ("help")."""
    in_alarm: tuple[Line, ...] = ()
    """What to do in an emergency there, one thing a line."""


class Stretch(Strict):
    """A relief protocol: what to do for one muscle in one position."""

    id: str
    """Its number in the clinical sheet and position: R1, R7-lying."""
    name: str
    """For the eye: "Calf stretch in bed"."""
    spoken_name: str
    """For the ear, after "the": "calf stretch sitting or in bed"."""
    body_parts: tuple[BodyPart, ...] = Field(min_length=1)
    asked_as: tuple[Template, ...] = ()
    """Templates, spotted in an utterance, that ask for this one by name ("the towel stretch")."""
    first_if: tuple[Symptom, ...] = ()
    """Circumstances in which it is the first choice (heat)."""
    position: str
    """One of the positions of positions.yaml."""
    rank: int = Field(ge=1)
    """Order of offering among those for the same body part, 1 first."""
    steps: tuple[Step, ...] = Field(min_length=2)
    rounds: int = Field(ge=1, le=10)
    release: Line
    """Said after each hold, before the check-in: how to let go."""
    caution: Line
    """The one warning said before the first step, at most 15 words a sentence."""
    not_if: tuple[Symptom, ...] = ()
    """Symptoms that forbid it, beyond those that forbid every stretch (triage.yaml)."""
    who_not: tuple[Line, ...] = ()
    """Who should not do it; said on request and in the shown table."""
    aftercare: tuple[Line, ...] = Field(min_length=1)
    prevention: bool = False
    """True when it prevents cramps rather than ends one; never started mid-cramp."""

    settles_later: bool = False
    """True where nothing is over at its end (a twitch): nobody is asked whether it has eased."""

    @property
    def one_sided(self) -> bool:
        """Whether its steps name one side of the body, so that the other is left to do."""
        return any("{cramped}" in step.say or "{sore}" in step.say for step in self.steps)


class Question(Strict):
    """A yes/no question of the triage."""

    id: str
    say: Spoken
    again: Spoken
    """The second wording: simpler, or a body check the person can do."""
    sources: tuple[str, ...] = Field(min_length=1)
    asserts: tuple[Symptom, ...] = ()
    """The symptoms that the asserting answer brings."""
    asserts_if: Annotated[str, Field(pattern="^(yes|no)$")] = "yes"
    level: Urgency | None = None
    """Level that the asserting answer calls for, where it has no symptom label of its own."""
    reason: Line | None = None
    """Why it matters, one sentence, when ``level`` speaks instead of a symptom."""
    if_unsure: Urgency
    """Level that "not sure" or silence, after asking again, calls for."""
    yes: tuple[Template, ...] = ()
    """Further answers that mean yes to this question."""
    no: tuple[Template, ...] = ()
    """Further answers that mean no to this question."""
    unsure: tuple[Template, ...] = ()
    """Further answers that mean unsure to this question."""
    doubt: tuple[Template, ...] = ()
    """Words after a no that make it none, unless they are denied themselves."""


class QuestionSet(Strict):
    """Which questions a body part needs, before and after relief."""

    parts: tuple[BodyPart, ...]
    before: tuple[str, ...]
    if_room: tuple[str, ...] = ()
    """Asked before relief too while few questions were; else only afterwards."""
    after: tuple[str, ...] = ()
    instead: dict[str, str] = Field(default_factory=dict)
    """Questions that are replaced by another about the same signs, for these parts."""
    spread_to: tuple[BodyPart, ...] = ()
    """Parts whose pain, said beside a cramp of these, brings up the question ``spread``."""
    spread: str | None = None
    with_known: dict[Symptom, tuple[str, ...]] = Field(default_factory=dict)
    """Questions that a known symptom brings up for these parts, whatever the level so far."""
    at_least: Urgency | None = None
    """The lowest outcome of a check of these parts, where self-care is never enough."""
    protocol: str | None = None
    """Number in the clinical sheet where the check is all there is: no stretch (R17, the chest)."""


class TriageSets(Strict):
    """Which questions are asked when (triage/sets.yaml)."""

    sets: tuple[QuestionSet, ...]
    self_care: tuple[str, ...]
    """Asked before any conversation may end in self-care."""
    full_check: tuple[str, ...]
    """Asked when the person asks to be checked and names no body part."""


class SymptomContent(Strict):
    """What is known of one symptom: how urgent it is and what is said."""

    label: Symptom
    name: str
    """How it is spoken back: "swelling"."""
    level: Urgency | None = None
    """None for circumstances, which call for no level by themselves."""
    reason: Line | None = None
    """Why it matters, one sentence; needed where there is a level."""
    reason_with: dict[Symptom, Line] = Field(default_factory=dict)
    """Why it matters together with another symptom, the first that is there (a fall)."""
    when_gone: str | None = None
    """Id of the prompt for when the sign is said to have gone again, said once."""
    meanwhile: tuple[str, ...] = ()
    """Ids of prompts: what to do while waiting for help."""
    forbids_stretch: bool = False
    """True when no stretch and no massage may be started or go on."""
    levels_with: dict[Symptom, Urgency] = Field(default_factory=dict)
    """Together with another symptom it calls for a higher level (swelling and breathing)."""
    brings: tuple[str, ...] = ()
    """Ids of questions that have to be asked because of it (heat: is your head clear?)."""


class Outcome(Strict):
    """What is said for an urgency."""

    level: Urgency
    action: Line
    """First sentence: what to do, ``{number}`` for the emergency number."""
    meanwhile: tuple[Line, ...] = ()
    safety_net: Line


class Region(Strict):
    """An emergency number, as it is spoken."""

    code: str
    """Two letters: US, GB, NZ; EU for the European Union."""
    name: str
    number: str
    """Spoken digit by digit: "nine nine nine"."""
    called: tuple[str, ...] = ()
    """What people call it, as it is heard, without "the": "states", "u s"."""
    sources: tuple[str, ...] = Field(min_length=1)


class Content(Strict):
    """All of one language: prompts/en/."""

    language: str
    sources: dict[str, Source]
    facts: dict[str, str]
    """The claims of the source article, S1 to S98, for the coverage tests."""
    prompts: dict[str, Line]
    """Everything said that is not part of an answer, a stretch or a question."""
    answers: tuple[Answer, ...]
    cautions: tuple[Caution, ...]
    inferences: tuple[Inference, ...]
    remarks: tuple[Remark, ...]
    stretches: tuple[Stretch, ...]
    positions: tuple[Position, ...]
    places: tuple[Place, ...]
    questions: dict[str, Question]
    question_sets: tuple[QuestionSet, ...]
    self_care_questions: tuple[str, ...]
    full_check: tuple[str, ...]
    symptoms: dict[Symptom, SymptomContent]
    outcomes: dict[Urgency, Outcome]
    regions: dict[str, Region]
    phrases: dict[str, tuple[Template, ...]] = Field(default_factory=dict)
    """What the conversation itself listens for: likely words for the recogniser, and templates
    that it spots ("it was a false alarm"), by name."""
    part_names: dict[BodyPart, str]
    """How each body part is spoken: "calf", "front of your thigh"."""
