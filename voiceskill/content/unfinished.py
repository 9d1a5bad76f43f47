"""Tells whether somebody who falls silent is about to go on: prompts/en/unfinished.yaml."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import Field

from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict
from voiceskill.data_files import data_file

PlainWords = Annotated[str, Field(pattern=r"^[a-z']+( [a-z']+)*$")]
"""Words as a recogniser gives them: lower case, no punctuation, one blank between."""


class Unfinished(Strict):
    """How utterances sound that cannot end like this."""

    endings: tuple[PlainWords, ...] = Field(min_length=1)
    """Last words of an utterance that goes on."""
    whole: tuple[PlainWords, ...] = ()
    """Whole utterances that go on, though longer ones may end in these words."""

    def matches(self, text: str) -> bool:
        """Whether the speaker of ``text`` (plain words) must be about to go on."""
        return text in self.whole or f" {text}".endswith(tuple(f" {end}" for end in self.endings))


@lru_cache(maxsize=4)
def default_unfinished(language: str = "en") -> Unfinished:
    """What ships with the package, read once. Raises ContentError."""
    return load_yaml(data_file(f"prompts/{language}/unfinished.yaml"), Unfinished)
