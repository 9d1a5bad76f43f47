"""What wakes the sleeping assistant, beside the wake phrase: prompts/en/waking.yaml."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict, Template
from voiceskill.content.unfinished import PlainWords
from voiceskill.data_files import data_file


class Waking(Strict):
    """How help is called for when nobody has been spoken to."""

    openers: frozenset[PlainWords]
    """First words of wake phrases, and what recognisers make of them: one is as good as another."""
    doubtful: frozenset[PlainWords] = frozenset()
    """Further ones that begin other talk as well."""
    likely: tuple[PlainWords, ...]
    """Likely words, a help for the recogniser."""
    rules: dict[str, Template] = Field(default_factory=dict)
    """What ``<name>`` in a template stands for."""
    pleas: tuple[Template, ...] = ()
    """Templates, at either end of an utterance, of what stands around the matter itself."""
    calls: tuple[Template, ...] = Field(min_length=1)
    """Templates of whole utterances that call for help."""
    own: frozenset[PlainWords] = Field(min_length=1)
    """Words one of which a complaint about the speaker has."""
    cries: tuple[Template, ...]
    """Templates, spotted in an utterance, of cries of pain."""
    cramps: tuple[Template, ...]
    """Templates, spotted in an utterance, of words for a cramp."""
    elsewhere: tuple[Template, ...]
    """Templates, spotted in an utterance, that put a cramp in another time or another person."""
    past: tuple[Template, ...] = ()
    """Likewise, that make even a danger one of another time or a figure of speech."""
    still_now: tuple[Template, ...] = ()
    """Templates, spotted in an utterance, that make such a danger a present one."""


@lru_cache(maxsize=4)
def default_waking(language: str = "en") -> Waking:
    """What ships with the package, read once. Raises ContentError."""
    return load_yaml(data_file(f"prompts/{language}/waking.yaml"), Waking)
