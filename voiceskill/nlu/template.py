"""Reads one hassil template with hassil's own parser and writes it as a regular expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hassil.errors import HassilError
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from voiceskill.errors import ContentError
from voiceskill.nlu.spelling import english_spelling

# A space of a template: taken from the text, unless an optional word before it was left out
# (then one was taken already, or the text begins here) or nothing follows it.
_SPACE = r"(?:(?<![^ ])| |$)"

START = r"(?<![^ ])"
"""Expression for: a word begins here."""

END = r"(?:(?![^ ])|(?<= ))"
"""Expression for: a word has ended here."""


@dataclass(frozen=True)
class Template:
    """A template, ready to be searched for."""

    source: str
    """The regular expression."""
    longest: int
    """Characters of the longest sentence that it stands for."""
    fragments: frozenset[str] | None
    """Pieces of words, one of which at least is in every sentence; None when there is no such."""


class Rules(dict[str, str]):
    """Rules that are read once, however many templates name them."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        super().__init__(rules)
        self.read: dict[str, Template] = {}


def read_template(template: str, rules: Mapping[str, str]) -> Template:
    """Read a template; ``rules`` are what ``<name>`` stands for. Raises ContentError naming it."""
    return _Reader(rules, template).read()


class _Reader:
    def __init__(self, rules: Mapping[str, str], template: str) -> None:
        self._rules = rules if isinstance(rules, Rules) else Rules(rules)
        self._template = template
        self._open: tuple[str, ...] = ()

    def read(self) -> Template:
        return self._node(self._parse(self._template).expression)

    def _parse(self, text: str) -> Sentence:
        try:
            return _parse(text)
        except (ParseError, HassilError, ValueError, AssertionError) as fault:
            raise self._fault(f"{fault}; correct its brackets") from None

    def _node(self, item: Expression) -> Template:
        if isinstance(item, TextChunk):
            return _text(item.original_text)
        if isinstance(item, RuleReference):
            return self._rule(item.rule_name)
        if isinstance(item, Permutation):
            raise self._fault("';' is not supported; write the orders out")
        if isinstance(item, Alternative):
            return _either([self._node(branch) for branch in item.items])
        if isinstance(item, Group):
            return _in_a_row([self._node(part) for part in item.items])
        raise self._fault("'{list}' is not supported; write a <rule>")

    def _rule(self, name: str) -> Template:
        if name not in self._rules:
            raise self._fault(f"<{name}> is no rule; add it or correct the name")
        if name in self._rules.read:
            return self._rules.read[name]
        if name in self._open:
            raise self._fault(f"<{name}> refers to itself; take it out of its own rule")
        self._open += (name,)
        rule = self._node(self._parse(self._rules[name]).expression)
        self._open = self._open[:-1]
        self._rules.read[name] = Template(f"(?:{rule.source})", rule.longest, rule.fragments)
        return self._rules.read[name]

    def _fault(self, problem: str) -> ContentError:
        return ContentError(f"template '{self._template}': {problem}")


@lru_cache(maxsize=4096)
def _parse(text: str) -> Sentence:
    return parse_sentence(english_spelling().unify(text.lower()))


def _either(branches: list[Template]) -> Template:
    branches.sort(key=lambda branch: -branch.longest)
    sources = "|".join(dict.fromkeys(branch.source for branch in branches))
    known = [branch.fragments for branch in branches if branch.fragments is not None]
    fragments = frozenset().union(*known) if len(known) == len(branches) else None
    return Template(f"(?:{sources})", branches[0].longest, fragments)


def _in_a_row(parts: list[Template]) -> Template:
    known = [part.fragments for part in parts if part.fragments]
    # The longest pieces are in the fewest texts.
    fragments = max(known, key=lambda some: (min(map(len, some)), -len(some)), default=None)
    source = "".join(part.source for part in parts)
    return Template(source, sum(part.longest for part in parts), fragments)


def _text(text: str) -> Template:
    """A chunk of words; spaces at its edges may fall away with the optional words beside them."""
    words = text.split()
    if not words:
        return Template(_SPACE if text else "", len(text), None)
    before = _SPACE if text[0].isspace() else ""
    after = _SPACE if text[-1].isspace() else ""
    source = f"{before}{re.escape(' '.join(words))}{after}"
    return Template(source, len(text), frozenset({max(words, key=len)}))
