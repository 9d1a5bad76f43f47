"""Templates of prompts/, each list compiled once for all conversations."""

from __future__ import annotations

from functools import cache

from voiceskill.nlu.patterns import Patterns


@cache
def patterns(templates: tuple[str, ...]) -> Patterns:
    """The compiled templates. Raises ContentError naming a bad one."""
    return Patterns(templates, {})


def spotted(templates: tuple[str, ...], words: str) -> bool:
    """Whether one of the templates occurs in the normalised words."""
    return bool(templates) and bool(patterns(templates).spans(words))
