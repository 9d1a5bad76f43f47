"""Checks prompts/en/examples: every line reads, has known labels, is there once and with one label,
each intent is said by enough hands, and nothing that is learnt is measured on. Run by
``make prompts``."""

# ruff: noqa: T201  (a script: printing is its purpose)
from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from voiceskill.content.labels import BodyPart, Intent, Side, Symptom
from voiceskill.content.loader import default_content
from voiceskill.content.model import Answer
from voiceskill.data_files import data_file
from voiceskill.nlu.normalise import normalise

EXAMPLES = data_file("prompts/en/examples")
DEVELOPMENT = "utterances_dev.jsonl"
"""Lines that the work is measured on, where they are at hand: none of them may be learnt from."""
LEAST_HANDS = 6
"""One hand's way of saying a thing is not how people say it."""
LEAST_LINES = 90
"""Of the rarest intent: each doubling is worth several points (docs/learning_curve.svg)."""


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Line:
    """One line of a file of examples."""

    text: str
    intent: Intent
    body_part: BodyPart | None = None
    side: Side | None = None
    symptoms: tuple[Symptom, ...] = ()


@dataclass(frozen=True)
class Example:
    """A line and where it stands."""

    line: Line
    hand: str
    place: str


def read(folder: Path, faults: list[str]) -> Iterator[Example]:
    """The examples of a folder; lines that cannot be read go to ``faults``."""
    adapter = TypeAdapter(Line)
    for path in sorted(folder.glob("*.jsonl")):
        # What was heard of a hand's lines is that hand's: nobody wrote it.
        hand = path.stem.replace("heard_", "hand_")
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            place = f"{path.name}:{number}"
            try:
                yield Example(adapter.validate_json(text), hand, place)
            except ValidationError as fault:
                first = fault.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                faults.append(f"{place}: {where} {first['msg']}; correct the line")


def check(examples: list[Example], unseen: set[str]) -> Iterator[str]:
    """The faults of the examples together; ``unseen`` are normalised texts that must not occur."""
    by_text: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_text[normalise(example.line.text)].append(example)
    for text, alike in by_text.items():
        places = ", ".join(example.place for example in alike)
        yield from (f"{places}: {fault}" for fault in _faults(text, alike, unseen))
    counts = Counter(example.line.intent for example in examples)
    hands = {(example.line.intent, example.hand) for example in examples}
    for intent in Intent:
        said_by = sum(1 for one, _ in hands if one is intent)
        if said_by < LEAST_HANDS:
            yield f"{intent.value}: said by {said_by} hands; {LEAST_HANDS} are needed"
        if counts[intent] < LEAST_LINES:
            yield f"{intent.value}: {counts[intent]} lines; {LEAST_LINES} are needed"


def _faults(text: str, alike: list[Example], unseen: set[str]) -> Iterator[str]:
    """What is wrong with examples of one normalised text."""
    if not text:
        yield "no words; delete it"
    elif len({example.line.intent for example in alike}) > 1:
        yield "one text, several intents; decide for one"
    elif len({example.hand for example in alike}) < len(alike):
        yield "twice by the same hand; delete one"
    if any(e.line.intent is Intent.NONE and e.line.symptoms for e in alike):
        yield "none with a sign of danger; that is a report, whoever it is said to"
    if text in unseen:
        yield f"a line of {DEVELOPMENT}; delete it"


def check_answers(answers: Iterable[Answer], unseen: set[str]) -> Iterator[str]:
    """Questions beside the answers that must not be learnt from; ``unseen`` as for ``check``."""
    for answer in answers:
        for question in answer.ask:
            if normalise(question) in unseen:
                yield f"answer {answer.id}: '{question}' is a line of {DEVELOPMENT}; reword it"


def development_texts() -> set[str]:
    """The normalised development lines, none where they are not at hand."""
    root = Path(__file__).resolve().parents[1]
    path = Path(os.environ.get("VOICESKILL_TEST_DATA", root / "../shared/data")) / DEVELOPMENT
    if not path.exists():
        return set()
    lines = path.read_text(encoding="utf-8").splitlines()
    return {normalise(json.loads(line)["text"]) for line in lines}


def main() -> None:
    """Print the counts; exit with the faults, one a line, when there are any."""
    faults: list[str] = []
    examples = list(read(EXAMPLES, faults))
    unseen = development_texts()
    faults += check(examples, unseen)
    faults += check_answers(default_content("en").answers, unseen)
    counts = Counter(example.line.intent.value for example in examples)
    most, least = counts.most_common()[0], counts.most_common()[-1]
    print(
        f"{len(examples)} examples by {len({e.hand for e in examples})} hands; "
        f"most of {most[0]} ({most[1]}), least of {least[0]} ({least[1]})"
    )
    sys.exit("\n".join(faults) or None)


if __name__ == "__main__":
    main()
