"""The stages that give an utterance its intent, each with scored candidates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import OSA

from voiceskill.content.labels import Intent
from voiceskill.nlu.content import IntentRule, NluContent
from voiceskill.nlu.heard import Heard
from voiceskill.nlu.patterns import Patterns

EXACT_SCORE = 0.97
NEAR_SCORE = 0.7
_NEAR_WORDS = 7
"""Commands are short; in longer talk their words are about something else."""
_TYPO_LETTERS = 5
"""Shortest word in which one letter may differ: shorter ones become other words."""


@dataclass(frozen=True)
class Candidate:
    """An intent that an utterance may have."""

    intent: Intent
    score: float


class Stage(Protocol):
    """One way to find the intent."""

    def candidates(self, heard: Heard) -> Iterator[Candidate]:
        """The intents it may be, in any order, with how sure each is (0 to 1)."""
        ...


class ExactStage:
    """The whole utterance is a template, politeness around it aside."""

    def __init__(self, content: NluContent) -> None:
        """Raises ContentError naming a bad template."""
        rules = content.rules
        self._patterns = {i: Patterns(says, rules) for i, says in content.exact.items()}
        self._before = Patterns(content.polite.before, rules)
        self._after = Patterns(content.polite.after, rules)

    def candidates(self, heard: Heard) -> Iterator[Candidate]:
        """The intents whose templates it is: as it stands, else without politeness."""
        for text in dict.fromkeys(self._forms(heard.text)):
            found = [i for i, patterns in self._patterns.items() if patterns.matches(text)]
            yield from (Candidate(intent, EXACT_SCORE) for intent in found)
            if found:
                return

    def _forms(self, text: str) -> Iterator[str]:
        yield text
        bare = text
        while (spans := self._before.spans(bare)) and spans[0][0] == 0 and spans[0][1] < len(bare):
            bare = bare[spans[0][1] :].lstrip()
        yield bare
        while (spans := self._after.spans(bare)) and spans[-1][1] == len(bare) and spans[-1][0] > 0:
            bare = bare[: spans[-1][0]].rstrip()
        yield bare


class RuleStage:
    """Words of a topic together with a form of question or statement."""

    def __init__(self, content: NluContent) -> None:
        self._rules = content.intents

    @staticmethod
    def named_words(content: NluContent) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What has to be spotted for the rules."""
        yield from content.cues.items()
        for number, rule in enumerate(content.intents):
            if rule.says:
                yield f"rule {number}", rule.says

    def candidates(self, heard: Heard) -> Iterator[Candidate]:
        """The intents of all rules that fit."""
        for number, rule in enumerate(self._rules):
            if self._fits(number, rule, heard):
                yield Candidate(rule.intent, rule.score)

    def _fits(self, number: int, rule: IntentRule, heard: Heard) -> bool:
        if rule.says and f"rule {number}" not in heard.spotted:
            return False
        if len(heard.words) > rule.at_most or heard.any_of(rule.unless):
            return False
        return all(heard.spans(name) for name in rule.when)


class NearStage:
    """A short command with a word too many or a letter wrong."""

    def __init__(self, content: NluContent) -> None:
        self._commands = {
            intent: [tuple(command.split()) for command in commands]
            for intent, commands in content.polite.commands.items()
        }
        self._extra = frozenset(content.polite.extra)
        self._guarded = frozenset(content.polite.guarded)

    def candidates(self, heard: Heard) -> Iterator[Candidate]:
        """The intent of the commands whose words all are there, in order; two are no match."""
        if len(heard.words) > _NEAR_WORDS:
            return
        found = [
            intent
            for intent, commands in self._commands.items()
            if any(self._is_near(heard.words, command) for command in commands)
        ]
        if len(found) == 1:
            yield Candidate(found[0], NEAR_SCORE)

    def _is_near(self, words: tuple[str, ...], command: tuple[str, ...]) -> bool:
        position = 0
        for word in words:
            if position < len(command) and self._alike(word, command[position]):
                position += 1
            elif word not in self._extra:
                return False
        return position == len(command)

    def _alike(self, word: str, meant: str) -> bool:
        if word == meant:
            return True
        if min(len(word), len(meant)) < _TYPO_LETTERS or {word, meant} & self._guarded:
            return False
        return word[0] == meant[0] and OSA.distance(word, meant, score_cutoff=1) <= 1
