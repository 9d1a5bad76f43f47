"""Reads one hassil template with hassil's own parser and writes it as a graph of words."""

from __future__ import annotations

from collections.abc import Mapping

from hassil.errors import HassilError
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from voiceskill.errors import ContentError
from voiceskill.nlu.spelling import english_spelling
from voiceskill.nlu.wordgraph import LetterGraph, Node


class TemplateReader:
    """Reads templates; each rule is parsed once, however many templates name it."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        """``rules`` are what ``<name>`` stands for."""
        self._rules = rules
        self._parsed_rules: dict[str, Expression] = {}
        self._template = ""
        self._open: tuple[str, ...] = ()
        self._graph = LetterGraph()

    def read(self, template: str) -> list[Node]:
        """The graph of the template's sentences, its first node last.

        Raises ContentError naming the template.
        """
        self._template = template
        self._open = ()
        self._graph = LetterGraph()
        first = self._graph.node()
        last = self._follow(first, self._parse(template))
        return self._graph.by_words(first, last)

    def _parse(self, text: str) -> Expression:
        try:
            return parse_sentence(english_spelling().unify(text.lower())).expression
        except (ParseError, HassilError, ValueError, AssertionError) as fault:
            raise self._fault(f"{fault}; correct its brackets") from None

    def _follow(self, start: int, item: Expression) -> int:
        """Write ``item`` behind ``start``; the node after it."""
        if isinstance(item, TextChunk):
            return self._graph.text(start, item.original_text)
        if isinstance(item, RuleReference):
            return self._rule(start, item.rule_name)
        if isinstance(item, Permutation):
            raise self._fault("';' is not supported; write the orders out")
        if isinstance(item, Alternative):
            end = self._graph.node()
            for branch in item.items:
                self._graph.skip(self._follow(start, branch), end)
            return end
        if isinstance(item, Group):
            for part in item.items:
                start = self._follow(start, part)
            return start
        raise self._fault("'{list}' is not supported; write a <rule>")

    def _rule(self, start: int, name: str) -> int:
        if name not in self._rules:
            raise self._fault(f"<{name}> is no rule; add it or correct the name")
        if name in self._open:
            raise self._fault(f"<{name}> refers to itself; take it out of its own rule")
        if name not in self._parsed_rules:
            self._parsed_rules[name] = self._parse(self._rules[name])
        self._open += (name,)
        end = self._follow(start, self._parsed_rules[name])
        self._open = self._open[:-1]
        return end

    def _fault(self, problem: str) -> ContentError:
        return ContentError(f"template '{self._template}': {problem}")
