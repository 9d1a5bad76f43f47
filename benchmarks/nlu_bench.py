"""Ways to find the intent, on the same lines: how many are right, and how long each takes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hassil import Intents, recognize
from hassil.parse_expression import parse_sentence
from rapidfuzz import fuzz, process

from benchmarks.row import Row
from voiceskill.content.labels import Intent
from voiceskill.content.loader import default_content
from voiceskill.data_files import data_file
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.features import features
from voiceskill.nlu.linear_model import LinearModel
from voiceskill.nlu.listener import Listener
from voiceskill.nlu.nlu import MODEL_NAME, Nlu
from voiceskill.nlu.normalise import normalise

ROOT = Path(__file__).resolve().parents[1]
NLU = data_file("prompts/en/nlu")
EXAMPLES = data_file("prompts/en/examples")
HASSIL_LINES = 60
"""hassil takes long on templates with so many branches; so many lines tell enough."""
WARM_UP_LINES = 300
"""Other lines, said first: the templates are woven together as they are needed."""
Way = Callable[[str], str]


def measure() -> list[Row]:
    """Accuracy and speed of each way, and what loading the model costs."""
    lines = _lines()
    levels = {label: sign.level for label, sign in default_content("en").symptoms.items()}
    content = load_nlu_content(NLU)
    nlu = Nlu(content, levels)
    rows: list[Row] = []
    rows += _rows("strict hassil", _strict_hassil(), _spread(lines, HASSIL_LINES))
    rows += _rows("nearest example", _nearest(), lines)
    rows += _rows("model alone", _model_alone(Listener(content, levels)), lines)
    rows += _rows(
        "ours", lambda text: nlu.understand(text).intent.value, lines, "≤ 0.5", "≤ 3", "≥ 92"
    )
    began = time.perf_counter()
    LinearModel.load(NLU / MODEL_NAME)
    rows.append(Row("load the model", (time.perf_counter() - began) * 1e3, "ms", "≤ 50"))
    rows.append(Row("size of the model", (NLU / MODEL_NAME).stat().st_size / 1e3, "kB"))
    return rows


def _rows(
    name: str,
    way: Way,
    lines: Sequence[dict[str, Any]],
    median_bar: str = "",
    worst_bar: str = "",
    right_bar: str = "",
) -> list[Row]:
    for example in _spread(_examples(), WARM_UP_LINES):
        way(example["text"])
    times: list[float] = []
    right = 0
    for line in lines:
        began = time.perf_counter()
        intent = way(line["text"])
        times.append((time.perf_counter() - began) * 1e3)
        right += intent in (line["intent"], *line["accept"])
    times.sort()
    return [
        Row(f"intent, {name}: right", 100 * right / len(lines), "%", right_bar),
        Row(f"intent, {name}: median", times[len(times) // 2], "ms", median_bar),
        Row(f"intent, {name}: 99 %", times[int(len(times) * 0.99)], "ms", worst_bar),
    ]


def _strict_hassil() -> Way:
    """hassil as it comes: the whole utterance is a template or it is nothing."""
    content = load_nlu_content(NLU)
    intents = Intents.from_dict(
        {
            "language": "en",
            "intents": {
                intent.value: {"data": [{"sentences": list(says)}]}
                for intent, says in content.exact.items()
            },
            "expansion_rules": {
                name: rule for name, rule in content.rules.items() if parse_sentence(rule)
            },
        }
    )

    def way(text: str) -> str:
        found = recognize(normalise(text), intents)
        return found.intent.name if found else Intent.NONE.value

    return way


def _nearest() -> Way:
    """The label of the example with the smallest edit distance."""
    known = _examples()
    texts = [normalise(item["text"]) for item in known]

    def way(text: str) -> str:
        nearest = process.extractOne(normalise(text), texts, scorer=fuzz.ratio)
        return str(known[nearest[2]]["intent"])

    return way


def _model_alone(listener: Listener) -> Way:
    """The linear model without templates and near matches before it."""
    model = LinearModel.load(NLU / MODEL_NAME)

    def way(text: str) -> str:
        for piece in listener.listen(text):
            return model.intents[int(model.margins(features(piece.heard)).argmax())].value
        return Intent.NONE.value

    return way


def _examples() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted(EXAMPLES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _lines() -> list[dict[str, Any]]:
    """Labelled lines that nothing was trained on: the development lines where they are at hand,
    else the project's own cases."""
    folder = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data"))
    path = folder / "utterances_dev.jsonl"
    if not path.exists():
        path = ROOT / "tests/nlu/cases.jsonl"
    asked = {normalise(ask) for answer in default_content("en").answers for ask in answer.ask}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if normalise(line["text"]) not in asked]


def _spread(lines: Sequence[dict[str, Any]], count: int) -> Sequence[dict[str, Any]]:
    return lines[:: max(1, len(lines) // count)]
