"""Finds warning signs in every utterance, and tells the present ones from the denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from voiceskill.content.labels import Symptom
from voiceskill.nlu.content import SymptomWords
from voiceskill.nlu.heard import Heard, Mention
from voiceskill.nlu.scope import Cover
from voiceskill.nlu.spotter import Span

_SAID = {label: f"symptom {label.value}" for label in Symptom}
_UNLIKE = {label: f"not symptom {label.value}" for label in Symptom}
"""The names under which the words of each symptom, and what only sounds like it, are spotted."""


def named_words(symptoms: Mapping[Symptom, SymptomWords]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What has to be spotted for ``find_symptoms``."""
    for label, words in symptoms.items():
        yield _SAID[label], words.says
        yield _UNLIKE[label], words.unless


def find_symptoms(
    heard: Heard, symptoms: Mapping[Symptom, SymptomWords], covers: list[Cover]
) -> tuple[frozenset[Symptom], frozenset[Symptom]]:
    """The symptoms that are present, and those that the speaker denies."""
    present: set[Symptom] = set()
    denied: set[Symptom] = set()
    for label, words in symptoms.items():
        for mention in _mentions(heard, label, words):
            over = [cover for cover in covers if cover.holds(label, mention)]
            if not over:
                present.add(label)
            elif any(cover.frame.denies for cover in over):
                denied.add(label)
    return most_specific(present, symptoms), frozenset(denied - present)


def is_harmless(heard: Heard, label: Symptom) -> bool:
    """Whether words were said that sound like the symptom but are something else."""
    return bool(heard.spans(_UNLIKE[label]))


def most_specific(
    present: Set[Symptom], symptoms: Mapping[Symptom, SymptomWords]
) -> frozenset[Symptom]:
    """The symptoms without those that a finer one among them stands for."""
    vaguer = {other for label in present for other in symptoms[label].replaces}
    return frozenset(present - vaguer)


def _mentions(heard: Heard, label: Symptom, words: SymptomWords) -> list[Mention]:
    mentions: list[Mention] = [(span,) for span in heard.spans(_SAID[label])]
    for rule in words.together:
        mentions += heard.together(rule)
    if not mentions or heard.any_of(words.unless_cues):
        return []
    masks = heard.spans(_UNLIKE[label])
    return [mention for mention in mentions if not _overlap(mention, masks)]


def _overlap(mention: Mention, masks: list[Span]) -> bool:
    return any(s < mask[1] and mask[0] < e for s, e in mention for mask in masks)
