"""What depends on what is known already: signs that words are together with other things, answers
that are wrong for some people, and things that are asked while one waits for help."""

from __future__ import annotations

from pydantic import Field

from voiceskill.content.labels import BodyPart, Intent, Symptom, Urgency
from voiceskill.content.line import Line, Strict, Template


class Inference(Strict):
    """A sign that words mean only for some part of the body, or in some circumstance."""

    id: str
    words: tuple[Template, ...] = ()
    """Templates, spotted in an utterance; without any, naming the part is enough."""
    unless: tuple[Template, ...] = ()
    """Templates, spotted in the same utterance, that take it back."""
    parts: tuple[BodyPart, ...] = ()
    """Only where one of these is what it is about."""
    known: tuple[Symptom, ...] = ()
    """Only where one of these is known or said."""
    adds: tuple[Symptom, ...] = ()
    drops: tuple[Symptom, ...] = ()
    """Signs that the words only seem to be."""
    intent: Intent | None = None
    """What is meant, where the words alone do not show it."""
    in_questions: bool = False
    """Whether it holds for a question too."""


class Caution(Strict):
    """What is said in place of an answer that would be wrong for this person, now."""

    id: str
    intents: tuple[Intent, ...] = ()
    """The answers to these kinds of questions."""
    answers: tuple[str, ...] = ()
    """Ids of single answers."""
    if_known: tuple[Symptom, ...] = ()
    """One of these is known; or else no matter."""
    if_forbidden: bool = False
    """Only where no muscle may be stretched or rubbed."""
    from_level: Urgency | None = None
    """Only at this level or a higher one."""
    lines: tuple[Line, ...] = Field(min_length=1)


class Remark(Strict):
    """What is answered to something that people say at one level of urgency."""

    id: str
    level: Urgency
    words: tuple[Template, ...] = Field(min_length=1)
    """Templates, spotted in an utterance."""
    lines: tuple[Line, ...] = Field(min_length=1)
