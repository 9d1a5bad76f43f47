"""Finds warning signs in every utterance, and tells the present ones from the denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voiceskill.content.labels import Symptom
from voiceskill.nlu.content import SymptomWords
from voiceskill.nlu.heard import Heard, Mention
from voiceskill.nlu.scope import Cover
from voiceskill.nlu.spotter import Span


def named_words(symptoms: Mapping[Symptom, SymptomWords]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What has to be spotted for ``find_symptoms``."""
    for label, words in symptoms.items():
        yield f"symptom {label.value}", words.says
        yield f"not symptom {label.value}", words.unless


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
    vaguer = {other for label in present for other in symptoms[label].replaces}
    return frozenset(present - vaguer), frozenset(denied - present)


def _mentions(heard: Heard, label: Symptom, words: SymptomWords) -> list[Mention]:
    mentions: list[Mention] = [(span,) for span in heard.spans(f"symptom {label.value}")]
    for rule in words.together:
        mentions += heard.together(rule)
    if not mentions or heard.any_of(words.unless_cues):
        return []
    masks = heard.spans(f"not symptom {label.value}")
    return [mention for mention in mentions if not _overlap(mention, masks)]


def _overlap(mention: Mention, masks: list[Span]) -> bool:
    return any(s < mask[1] and mask[0] < e for s, e in mention for mask in masks)
