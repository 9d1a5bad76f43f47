"""The stages that give an utterance its intent; the first that knows decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from rapidfuzz.distance import OSA

from voiceskill.content.labels import Intent
from voiceskill.nlu.content import NluContent
from voiceskill.nlu.features import features
from voiceskill.nlu.heard import Heard
from voiceskill.nlu.linear_model import LinearModel
from voiceskill.nlu.patterns import Patterns
from voiceskill.nlu.spotter import Spotter

_EXACT_CONFIDENCE = 0.98
"""Of the validation lines that are a template, 99 % are labelled so."""
_NEAR_CONFIDENCE = 0.9
"""Of commands with a slip made on purpose all that came here were right; real ones are wilder."""
_NEAR_WORDS = 7
"""Commands are short; in longer talk their words are about something else."""
_TYPO_LETTERS = 5
"""Shortest word in which one letter may differ: shorter ones become other words."""
_EXPECTED_TIMES = 4.0
"""How many times likelier an intent is that what was said before makes us expect."""
_LEAST_CONFIDENCE = 0.25
"""Below it the first guess was right in one of twelve validation lines: then it is no match."""
_NEVER_DROPPED = (Intent.EMERGENCY, Intent.REPORT_SYMPTOM, Intent.START_TRIAGE)
"""Rather asked about in vain than passed over."""

Found = tuple[Intent, float]
"""An intent and how sure it is, 0 to 1."""


class Stage(Protocol):
    """One way to find the intent."""

    def intent(self, heard: Heard, expecting: frozenset[Intent]) -> Found | None:
        """The intent, or None to leave it to the next stage; ``expecting`` are likelier ones."""
        ...


class ExactStage:
    """The whole utterance is a template, politeness around it aside."""

    def __init__(self, content: NluContent) -> None:
        """Raises ContentError naming a bad template."""
        rules = content.rules
        self._intents = tuple(content.exact)
        self._templates = Spotter({i.value: says for i, says in content.exact.items()}, rules)
        self._before = Patterns(content.polite.before, rules)
        self._after = Patterns(content.polite.after, rules)

    def intent(self, heard: Heard, expecting: frozenset[Intent]) -> Found | None:
        """The intent whose template it is as it stands, else without politeness; of several the
        one expected, else the first of the file."""
        for text in dict.fromkeys(self._forms(heard.text)):
            spotted = self._templates.spot(text)
            found = [i for i in self._intents if (0, len(text)) in spotted.get(i.value, ())]
            if found:
                return next((i for i in found if i in expecting), found[0]), _EXACT_CONFIDENCE
        return None

    def _forms(self, text: str) -> Iterator[str]:
        yield text
        bare = text
        while (spans := self._before.spans(bare)) and spans[0][0] == 0 and spans[0][1] < len(bare):
            bare = bare[spans[0][1] :].lstrip()
        yield bare
        while (spans := self._after.spans(bare)) and spans[-1][1] == len(bare) and spans[-1][0] > 0:
            bare = bare[: spans[-1][0]].rstrip()
        yield bare


class NearStage:
    """A short command with a word too many or a letter wrong."""

    def __init__(self, content: NluContent) -> None:
        self._commands = {
            intent: [tuple(command.split()) for command in commands]
            for intent, commands in content.polite.commands.items()
        }
        self._extra = frozenset(content.polite.extra)
        self._guarded = frozenset(content.polite.guarded)

    def intent(self, heard: Heard, expecting: frozenset[Intent]) -> Found | None:
        """The intent of the commands whose words all are there, in order; two are no match, unless
        one of them is expected."""
        if len(heard.words) > _NEAR_WORDS:
            return None
        found = [
            intent
            for intent, commands in self._commands.items()
            if any(self._is_near(heard.words, command) for command in commands)
        ]
        if len(found) > 1:
            found = [intent for intent in found if intent in expecting]
        return (found[0], _NEAR_CONFIDENCE) if len(found) == 1 else None

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


class ModelStage:
    """What the trained model finds likeliest."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def intent(self, heard: Heard, expecting: frozenset[Intent]) -> Found:
        """The likeliest intent with its probability."""
        logs = self._model.log_probabilities(features(heard))
        if expecting:
            likelier = [intent in expecting for intent in self._model.intents]
            logs = logs + np.log(np.float32(_EXPECTED_TIMES)) * np.array(likelier, np.float32)
            logs -= np.logaddexp.reduce(logs)
        best = int(logs.argmax())
        intent, confidence = self._model.intents[best], float(np.exp(logs[best]))
        if confidence < _LEAST_CONFIDENCE and intent not in _NEVER_DROPPED:
            return Intent.NONE, confidence
        return intent, confidence
