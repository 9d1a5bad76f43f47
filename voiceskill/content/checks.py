"""Checks that the parts of prompts/ fit together: whatever is named exists, nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from string import Formatter

from voiceskill.content.labels import BodyPart, Symptom, Urgency
from voiceskill.content.located import located
from voiceskill.content.model import Answer, Content, Line
from voiceskill.errors import ContentError

SLOTS = frozenset(
    {"number", "part", "stretch", "seconds", "symptom", "steps", "cramped", "sore", "name"}
)
"""The slots that the dialogue can fill in."""


def check(content: Content, folder: Path) -> None:
    """Raise ContentError for the first thing that does not fit, with its place and the mend."""
    for fault in _faults(content):
        raise ContentError(located(fault, folder))


def all_lines(content: Content) -> Iterator[tuple[str, Line]]:
    """Every line that can be spoken, with the place it stands at ("answers what_is_spasm")."""
    for place, line in _plain_lines(content):
        yield place, line
        if line.for_other:
            yield f"{place} for_other", Line(say=line.for_other, sources=line.sources)


def _plain_lines(content: Content) -> Iterator[tuple[str, Line]]:
    yield from ((f"lines.yaml {name}", line) for name, line in content.prompts.items())
    for caution in content.cautions:
        yield from _at(f"cautions.yaml {caution.id}", *caution.lines)
    for remark in content.remarks:
        yield from _at(f"remarks.yaml {remark.id}", *remark.lines)
    for answer in content.answers:
        yield from _at(f"answers {answer.id}", *answer.lines, *answer.more)
    for stretch in content.stretches:
        yield from _at(f"stretches {stretch.id}", *stretch.steps, stretch.release, stretch.caution)
        yield from _at(f"stretches {stretch.id}", *stretch.who_not, *stretch.aftercare)
    for place in content.places:
        yield from _at(f"places.yaml {place.id}", *place.lines, *place.still, *place.in_alarm)
    for question in content.questions.values():
        wordings = [
            Line(say=say, sources=question.sources) for say in (question.say, question.again)
        ]
        yield from _at(f"triage/questions.yaml {question.id}", *wordings, question.reason)
    for symptom in content.symptoms.values():
        reasons = (symptom.reason, *symptom.reason_with.values())
        yield from _at(f"symptoms.yaml {symptom.label.value}", *reasons)
    for outcome in content.outcomes.values():
        lines = (outcome.action, *outcome.meanwhile, outcome.safety_net)
        yield from _at(f"triage/outcomes.yaml {outcome.level.value}", *lines)


def _at(place: str, *lines: Line | None) -> Iterator[tuple[str, Line]]:
    return ((place, line) for line in lines if line is not None)


def _faults(content: Content) -> Iterator[str]:
    yield from _line_faults(content)
    yield from _answer_faults(content)
    yield from _stretch_faults(content)
    yield from _triage_faults(content)
    yield from _symptom_faults(content)
    for part in BodyPart:
        if part not in content.part_names:
            yield f"body_parts.yaml: '{part.value}' is missing; add how it is spoken"


def _line_faults(content: Content) -> Iterator[str]:
    known = content.sources.keys() | content.facts.keys()
    for place, line in all_lines(content):
        for source in line.sources:
            if source not in known:
                yield f"{place}: source '{source}' is not in sources.yaml; add it or correct it"
        for _, slot, _, _ in Formatter().parse(line.say):
            if slot is not None and slot not in SLOTS:
                yield f"{place}: '{{{slot}}}' cannot be filled in; use one of {sorted(SLOTS)}"


def _answer_faults(content: Content) -> Iterator[str]:
    defaults: dict[str, str] = {}
    ids: set[str] = set()
    for answer in content.answers:
        yield from _one_answer_faults(answer, content, ids)
        if not answer.default:
            continue
        if answer.intent.value in defaults:
            other = defaults[answer.intent.value]
            yield f"answers {answer.id}: '{other}' is the default of that intent too; keep one"
        defaults[answer.intent.value] = answer.id
    for caution in content.cautions:
        for name in caution.answers:
            if name not in ids:
                yield f"cautions.yaml {caution.id}: no answer is called '{name}'; correct it"
    for answer in content.answers:
        if answer.intent.value not in defaults:
            yield f"answers {answer.id}: no answer is the default of '{answer.intent.value}'"


def _one_answer_faults(answer: Answer, content: Content, ids: set[str]) -> Iterator[str]:
    if answer.id in ids:
        yield f"answers {answer.id}: the id stands twice; rename one"
    ids.add(answer.id)
    if not (answer.default or answer.about or answer.parts):
        yield f"answers {answer.id}: nothing leads to it; give it about, parts or default"
    if answer.offer and answer.offer not in content.prompts:
        yield f"answers {answer.id}: offer '{answer.offer}' is not in lines.yaml"
    if bool(answer.offer) != bool(answer.offers):
        yield f"answers {answer.id}: offer and offers go together; give both or neither"
    if answer.offers not in (None, "stretch", "triage"):
        yield f"answers {answer.id}: '{answer.offers}' is no offer; write stretch or triage"


def _stretch_faults(content: Content) -> Iterator[str]:
    positions = {position.name for position in content.positions}
    ids: set[str] = set()
    for stretch in content.stretches:
        if stretch.id in ids:
            yield f"stretches {stretch.id}: the id stands twice; rename one"
        ids.add(stretch.id)
        if stretch.position not in positions:
            yield f"stretches {stretch.id}: position '{stretch.position}' is not in positions.yaml"
        for step in stretch.steps:
            for second in step.hold.count if step.hold else ():
                if f"count_{second}" not in content.prompts:
                    yield f"stretches {stretch.id}: lines.yaml lacks 'count_{second}'"


def _triage_faults(content: Content) -> Iterator[str]:
    for level in Urgency:
        if level not in content.outcomes:
            yield f"triage/outcomes.yaml: level '{level.value}' is missing; add it"
    named = [
        ((*s.before, *s.if_room, *s.after, *s.instead, *s.instead.values()), "sets")
        for s in content.question_sets
    ]
    named += [
        ((*filter(None, (s.spread,)), *chain.from_iterable(s.with_known.values())), "sets")
        for s in content.question_sets
    ]
    named += [(content.self_care_questions, "self_care"), (content.full_check, "full_check")]
    for questions, place in named:
        for question in questions:
            if question not in content.questions:
                yield f"triage/sets.yaml {place}: '{question}' is not in questions.yaml"
    for item in content.questions.values():
        if not item.asserts and not item.level:
            yield f"triage/questions.yaml {item.id}: give it asserts or a level"
        if item.level and not item.asserts and not item.reason:
            yield f"triage/questions.yaml {item.id}: a level of its own needs a reason"


def _symptom_faults(content: Content) -> Iterator[str]:
    for label in Symptom:
        if label not in content.symptoms:
            yield f"symptoms.yaml: '{label.value}' is missing; add it with its level"
    for symptom in content.symptoms.values():
        if symptom.level and not symptom.reason:
            yield f"symptoms.yaml {symptom.label.value}: a level needs a reason"
        for prompt in (*symptom.meanwhile, *filter(None, (symptom.when_gone,))):
            if prompt not in content.prompts:
                yield f"symptoms.yaml {symptom.label.value}: '{prompt}' is not in lines.yaml"
        for name in symptom.brings:
            if name not in content.questions:
                yield f"symptoms.yaml {symptom.label.value}: '{name}' is not in questions.yaml"
