"""Scores the understanding on labelled utterances: failures of the tuning half, numbers of the
blind half. Run as ``python -m tests.nlu.score``."""

# ruff: noqa: T201  (a script: printing is its purpose)
from __future__ import annotations

import hashlib
import json
import os
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from voiceskill.content.labels import Symptom, Urgency
from voiceskill.content.loader import load_yaml
from voiceskill.content.model import SymptomContent
from voiceskill.data_files import data_file
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.nlu import Nlu

HERE = Path(__file__).parent
DATA = Path(os.environ.get("VOICESKILL_TEST_DATA", HERE.parents[2] / "shared" / "data"))
EMERGENCY = frozenset(list(Symptom)[:14])
"""The labels that the label list calls emergency signs."""


@lru_cache(maxsize=1)
def english() -> Nlu:
    levels: dict[Symptom, Urgency | None] = {
        s: Urgency.EMERGENCY if s in EMERGENCY else Urgency.DOCTOR_NOW for s in Symptom
    }
    path = data_file("prompts/en/symptoms.yaml")
    if path.exists():
        symptoms: list[SymptomContent] = load_yaml(path, list[SymptomContent])
        levels = {s.label: s.level for s in symptoms}
    return Nlu(load_nlu_content(data_file("prompts/en/nlu")), levels)


def is_tuning(text: str) -> bool:
    """Whether a development line may be looked at."""
    return int(hashlib.sha1(text.encode()).hexdigest(), 16) % 2 == 0


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@dataclass
class Score:
    lines: int = 0
    intents: int = 0
    parts: int = 0
    sides: int = 0
    hits: int = 0
    misses: int = 0
    extras: int = 0
    emergencies: int = 0
    emergencies_found: int = 0
    false_emergencies: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, 2 * self.hits + self.misses + self.extras)

    def __str__(self) -> str:
        n = max(1, self.lines)
        return (
            f"{self.lines} lines: intent {self.intents / n:.3f} part {self.parts / n:.3f} "
            f"side {self.sides / n:.3f} symptoms F1 {self.f1:.3f} "
            f"emergencies {self.emergencies_found}/{self.emergencies} "
            f"false {self.false_emergencies}"
        )


def score(items: Iterable[dict[str, Any]]) -> Score:
    total = Score()
    for item in items:
        got = english().understand(item["text"])
        want = {Symptom(label) for label in item["symptoms"]}
        parts = item["body_part"]
        parts = parts if isinstance(parts, list) else [parts] if parts else []
        part_ok = got.body_part in parts if parts else got.body_part is None
        intent_ok = got.intent.value in (item["intent"], *(item.get("accept") or ()))
        side_ok = got.side == item["side"]
        total.lines += 1
        total.intents += intent_ok
        total.parts += part_ok
        total.sides += side_ok
        total.hits += len(want & got.symptoms)
        total.misses += len(want - got.symptoms)
        total.extras += len(got.symptoms - want)
        if want & EMERGENCY:
            total.emergencies += 1
            total.emergencies_found += got.urgency is Urgency.EMERGENCY
        elif got.urgency is Urgency.EMERGENCY:
            total.false_emergencies += 1
        if not (intent_ok and part_ok and side_ok and want == got.symptoms):
            wrong = [item["text"], "|"]
            if not intent_ok:
                wrong.append(f"INTENT {got.intent.value} not {item['intent']}")
            if not part_ok:
                wrong.append(f"PART {got.body_part and got.body_part.value} not {parts}")
            if not side_ok:
                wrong.append(f"SIDE {got.side and got.side.value} not {item['side']}")
            wrong += [f"-{label.value}" for label in sorted(want - got.symptoms)]
            wrong += [f"+{label.value}" for label in sorted(got.symptoms - want)]
            total.failures.append(" ".join(wrong))
    return total


def main() -> None:
    start = time.perf_counter()
    english()
    print(f"load {time.perf_counter() - start:.3f} s")
    items = lines(DATA / "utterances_dev.jsonl")
    seen = set((DATA / "utterances_dev_negated.txt").read_text(encoding="utf-8").splitlines())
    tuning = score(item for item in items if is_tuning(item["text"]))
    own = score(lines(HERE / "cases.jsonl"))
    blind = [item for item in items if not is_tuning(item["text"])]
    for failure in tuning.failures:
        print("tuning:", failure)
    for failure in own.failures:
        print("own:", failure)
    print("tuning", tuning)
    print("own   ", own)
    print("blind ", score(blind))
    print("blind without the denial list", score(i for i in blind if i["text"] not in seen))
    denials = [item for item in items if item["text"] in seen]
    asserted = score(denials).extras
    print(f"denial lines {len(denials)}, wrongly asserted symptoms {asserted}")
    times = []
    for item in items:
        start = time.perf_counter()
        english().understand(item["text"])
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    print(f"ms median {statistics.median(times):.2f} p99 {times[int(0.99 * len(times))]:.2f}")


if __name__ == "__main__":
    main()
