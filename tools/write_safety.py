"""Writes docs/safety.md: every warning sign, its level, why, its sources, what asks for it and what
guards it. All of it is read from prompts/ and tests/cases/. Run: python tools/write_safety.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from voiceskill.content.labels import Symptom, Urgency, highest
from voiceskill.content.loader import default_content, load_yaml
from voiceskill.content.model import Content, Line, Question, SymptomContent

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "safety.md"
CASES = ROOT / "tests" / "cases"

LEVELS = {
    Urgency.EMERGENCY: "Emergency: call now",
    Urgency.DOCTOR_NOW: "Doctor today",
    Urgency.APPOINTMENT: "Appointment",
}

GUARD_OF_SIGNS = "tests/dialogue/test_red_flags.py"
"""Says each sign as the first words, at a question, in a stretch, and at the end."""

GUARD_OF_ANSWERS = "tests/dialogue/test_patients.py"
"""Plays a patient who says each sign only when asked."""

GUARD_OF_ANYTHING = "tests/dialogue/test_invariants.py"
"""Says emergencies and swelling at any point of thousands of random conversations."""

GUARD_OF_PATIENTS = "tests/dialogue/test_cases.py"
"""Plays the patients of tests/cases/."""

GUARD_OF_INJURIES = "tests/dialogue/test_injuries.py"
"""Says injuries and operations, with the cramp and in the middle of a stretch."""

GUARD_OF_REPEATS = "tests/dialogue/test_repeats.py"
"""Asks for help with the same cramp twice in a day."""

GUARDS = (
    GUARD_OF_SIGNS,
    GUARD_OF_ANSWERS,
    GUARD_OF_ANYTHING,
    GUARD_OF_PATIENTS,
    GUARD_OF_INJURIES,
    GUARD_OF_REPEATS,
)

INTRODUCTION = f"""# Warning signs

Written by `tools/write_safety.py` from `prompts/en/` and `tests/cases/`. Correct those, then run it
again; a test fails while this page is out of date. How to read and correct the prompts stands in
[content.md](content.md). No clinician has signed this off; `UNSOURCED` marks what one should see.

Whatever the sign: named at any moment it counts at once, urgency never goes down, and neither "not
sure" nor silence counts as no. The same cramp twice in a day raises the outcome by one level, but
not to an emergency. What guards that:

- `{GUARD_OF_SIGNS}` says each sign in every part of a conversation;
- `{GUARD_OF_ANSWERS}` plays a patient for each sign who says it only when asked;
- `{GUARD_OF_ANYTHING}` says signs at any point of random conversations;
- `{GUARD_OF_PATIENTS}` plays the patients of `tests/cases/`, named below by their ids;
- `{GUARD_OF_INJURIES}` and `{GUARD_OF_REPEATS}` do what their names say.
"""


def page(content: Content) -> str:
    """The whole page, as Markdown."""
    return "\n".join(_page(content, _patients()))


def _page(content: Content, patients: dict[Symptom, list[str]]) -> Iterator[str]:
    yield INTRODUCTION
    yield from _overview(content)
    for level, title in LEVELS.items():
        yield f"\n## {title}\n"
        yield f'Said first: "{content.outcomes[level].action.say}"\n'
        for symptom in content.symptoms.values():
            if symptom.level is level:
                yield from _symptom(symptom, content, patients)
    yield from _questions_with_a_level(content)
    yield from _circumstances(content)
    yield from _parts(content)


def _overview(content: Content) -> Iterator[str]:
    yield "| sign | level | no stretch | asked by |"
    yield "| --- | --- | --- | --- |"
    for symptom in content.symptoms.values():
        if symptom.level:
            asked = ", ".join(f"`{item.id}`" for item in _asking(symptom.label, content))
            cells = (symptom.name, LEVELS[symptom.level], _forbids(symptom), asked or "nothing")
            yield f"| {' | '.join(cells)} |"


def _forbids(symptom: SymptomContent) -> str:
    return "yes" if symptom.forbids_stretch or symptom.level is Urgency.EMERGENCY else ""


def _symptom(
    symptom: SymptomContent, content: Content, patients: dict[Symptom, list[str]]
) -> Iterator[str]:
    yield f"### {symptom.name} (`{symptom.label.value}`)\n"
    if symptom.reason:
        yield f'- Said: "{symptom.reason.say}"'
        yield f"- Sources: {_sources(symptom.reason, content)}"
    asking = _asking(symptom.label, content)
    for question in asking:
        yield f'- Asked by `{question.id}`: "{question.say}" {_when(question, content)}'
    if not asking:
        yield "- Not asked for: it counts when it is said."
    if _forbids(symptom):
        yield "- Forbids stretching and rubbing, and stops a stretch that goes on."
    for other, level in _combinations(symptom, content).items():
        yield f"- With {content.symptoms[other].name}: {LEVELS[level].lower()}."
    guards = [GUARD_OF_SIGNS, *([GUARD_OF_ANSWERS] if asking else [])]
    yield f"- Guarded by {', '.join(f'`{name}[{symptom.label.value}]`' for name in guards)}."
    if symptom.label in patients:
        yield f"- Patients: {', '.join(patients[symptom.label])}."
    yield ""


def _when(question: Question, content: Content) -> str:
    """Before which stretches a question is asked, and when otherwise."""
    before = [
        part.value
        for item in content.question_sets
        if question.id in item.before
        for part in item.parts
    ]
    if_room = [
        part.value
        for item in content.question_sets
        if question.id in item.if_room
        for part in item.parts
    ]
    after = [
        part.value
        for item in content.question_sets
        if question.id in (*item.after, *item.instead.values())
        for part in item.parts
    ]
    brought = [item.name for item in content.symptoms.values() if question.id in item.brings]
    when = []
    if before:
        when.append(f"before any stretch of {_named(before)}")
    if if_room:
        when.append(f"before a stretch of {_named(if_room)} while that makes three at most")
    if question.id in content.self_care_questions:
        when.append("before anything ends in self-care")
    elif after:
        when.append(f"after a stretch or in a check of {_named(after)}")
    elif question.id in content.full_check:
        when.append("in a check without a body part")
    if brought:
        when.append(f"because of {_named(brought)}")
    return f"({'; '.join(when)})"


def _named(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _asking(symptom: Symptom, content: Content) -> list[Question]:
    return [item for item in content.questions.values() if symptom in item.asserts]


def _combinations(symptom: SymptomContent, content: Content) -> dict[Symptom, Urgency]:
    """The level with each other sign that raises it above that of both."""
    found = {}
    for other in content.symptoms.values():
        alone = highest(symptom.level, other.level)
        level = highest(symptom.levels_with.get(other.label), other.levels_with.get(symptom.label))
        if level and (alone is None or level.rank > alone.rank):
            found[other.label] = level
    return found


def _sources(line: Line, content: Content) -> str:
    return "; ".join(f"{one} ({_title(one, content)})" for one in line.sources)


def _title(source: str, content: Content) -> str:
    known = content.sources.get(source)
    return (known.title if known else f"the source article: {content.facts[source]}").rstrip(".")


def _questions_with_a_level(content: Content) -> Iterator[str]:
    yield "\n## Questions that are more urgent than their signs\n"
    for question in content.questions.values():
        if question.level:
            yield f'- `{question.id}`: "{question.say}" {LEVELS[question.level]}.'
            if question.reason:
                yield f'  Said: "{question.reason.say}" {_sources(question.reason, content)}.'


def _circumstances(content: Content) -> Iterator[str]:
    yield "\n## Circumstances: no level by themselves\n"
    for symptom in content.symptoms.values():
        if symptom.level:
            continue
        facts = [
            f"with {content.symptoms[other].name}: {LEVELS[level].lower()}"
            for other, level in _combinations(symptom, content).items()
        ]
        facts += [f"brings up `{name}`" for name in symptom.brings]
        yield f"- {symptom.name} (`{symptom.label.value}`): {'; '.join(facts) or 'noted'}."


def _parts(content: Content) -> Iterator[str]:
    yield "\n## What is asked before a stretch\n"
    yield "| body part | questions |"
    yield "| --- | --- |"
    for item in content.question_sets:
        asked = " ".join(content.questions[name].say for name in (*item.before, *item.if_room))
        yield f"| {_named(part.value for part in item.parts)} | {asked} |"
    yield "\nBefore self-care, whatever the part:\n"
    for name in content.self_care_questions:
        yield f"- {content.questions[name].say}"
    yield ""


def _patients() -> dict[Symptom, list[str]]:
    """The ids of the played patients by what they have."""
    found: dict[Symptom, list[str]] = {}
    for path in sorted(CASES.glob("*.yaml")):
        cases: list[dict[str, Any]] = load_yaml(path, list[dict[str, Any]])
        for case in cases:
            for label in case["has"]:
                found.setdefault(Symptom(label), []).append(case["id"])
    return found


if __name__ == "__main__":
    PAGE.write_text(page(default_content()), encoding="utf-8")
