"""How spellings of one word are brought together: the data that ``normalise`` works with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from pydantic import Field

from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict
from voiceskill.data_files import data_file

_LETTERS = r"[\w']"


class Spelling(Strict):
    """One language's spellings (prompts/en/nlu/spelling.yaml)."""

    variants: Mapping[str, str]
    """Words as they may be written, with the form that they are read as."""
    beginnings: Mapping[str, str]
    """Letters that words may begin with, with how they are read: "t'bed" for "the bed"."""
    endings: Mapping[str, str]
    """Letters that words may end with, with how they are read: "cramping" for "crampin'"."""
    fillers: tuple[str, ...]
    """Words that are dropped."""
    not_fillers: tuple[str, ...]
    """Phrases made of fillers that do mean something and are kept."""
    keeps_s: tuple[str, ...]
    """Words that keep their 's; after all others it becomes a word of its own."""
    said_by_digit: tuple[str, ...] = Field(min_length=1)
    """Numbers that are said digit by digit."""

    def unify(self, text: str) -> str:
        """Bring variants in lower-case ``text`` to their one form; brackets stay as they are."""
        text = self._beginning.sub(lambda found: self.beginnings[found.group()], text)
        text = self._ending.sub(lambda found: self.endings[found.group()], text)
        text = self._variant.sub(lambda found: self.variants[found.group()], text)
        return self._possessive.sub(r"\1 's", text)

    def drop_fillers(self, text: str) -> str:
        """``text`` without its fillers; single spaces between words."""
        return " ".join(self._filler.sub(lambda found: found.group(1) or "", text).split())

    @cached_property
    def _variant(self) -> re.Pattern[str]:
        return re.compile(_whole_words(_any_of(self.variants)))

    @cached_property
    def _beginning(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!{_LETTERS})(?:{_any_of(self.beginnings)})(?=\w\w)")

    @cached_property
    def _ending(self) -> re.Pattern[str]:
        return re.compile(rf"(?<=\w\w)(?:{_any_of(self.endings)})(?!{_LETTERS})")

    @cached_property
    def _possessive(self) -> re.Pattern[str]:
        return re.compile(_whole_words(rf"(?!(?:{_any_of(self.keeps_s)})')(\w+)'s"))

    @cached_property
    def _filler(self) -> re.Pattern[str]:
        kept, dropped = _any_of(self.not_fillers), _any_of(self.fillers)
        return re.compile(_whole_words(rf"(?:({kept})|(?:{dropped}))"))


@lru_cache(maxsize=1)
def english_spelling() -> Spelling:
    """The spellings that ship with the package, read once."""
    spelling: Spelling = load_yaml(data_file("prompts/en/nlu/spelling.yaml"), Spelling)
    return spelling


def _any_of(words: tuple[str, ...] | Mapping[str, str]) -> str:
    """Alternatives, longest first so that "can not" is not read as "can"."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _whole_words(pattern: str) -> str:
    return rf"(?<!{_LETTERS})(?:{pattern})(?!{_LETTERS})"
