"""The base of all content, and the line: what is said, with where its facts come from."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from voiceskill.content.labels import Symptom

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


class Strict(BaseModel):
    """Base of all content: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _spoken(text: str) -> str:
    if not text.strip():
        raise ValueError("there is nothing to say; write a sentence")
    if text.strip()[-1] not in ".?!:":
        raise ValueError("end the sentence with a full stop or a question mark")
    return " ".join(text.split())


def split_sentences(text: str) -> tuple[str, ...]:
    """The text sentence by sentence, as it is spoken."""
    return tuple(_SENTENCE_END.split(text))


Spoken = Annotated[str, AfterValidator(_spoken)]
"""One or more sentences for the ear. ``{slot}`` is filled in when it is said."""

Template = Annotated[str, Field(min_length=1)]
"""A hassil template: ``(a|b)`` one of, ``[a]`` perhaps, ``<rule>`` a rule of rules.yaml."""


class Line(Strict):
    """Something that is said, with where its facts come from."""

    say: Spoken
    sources: tuple[str, ...] = Field(min_length=1)
    """Ids in sources.yaml or facts.yaml; ``UI`` for talk that states no fact."""
    unless: tuple[Symptom, ...] = ()
    """Circumstances that make the line wrong ("drink more" on dialysis): it is then left out."""

    for_other: Spoken | None = None
    """How it is said to somebody who helps another person ("Sit them down")."""

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The line sentence by sentence."""
        return split_sentences(self.say)

    @cached_property
    def sentences_for_other(self) -> tuple[str, ...]:
        """The same, said to a helper."""
        return split_sentences(self.for_other) if self.for_other else self.sentences
