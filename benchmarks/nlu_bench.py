"""Ways to find the intent, on the same lines that nothing was learnt from: how many are right, how
long each takes; and the whole understanding against its bars."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from hassil import Intents, recognize
from hassil.parse_expression import parse_sentence
from rapidfuzz import fuzz, process

from benchmarks.row import Row
from tests.nlu.score import DATA, HERE, is_tuning, score
from tools import train_intents, training
from voiceskill.content.labels import Intent
from voiceskill.content.loader import default_content
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.features import features
from voiceskill.nlu.listener import Listener
from voiceskill.nlu.nlu import MODEL_NAME, Nlu
from voiceskill.nlu.normalise import normalise

HASSIL_LINES = 60
"""hassil takes long on templates with so many branches; so many lines tell enough."""
WARM_UP_LINES = 300
"""Other lines, said first: the templates are woven together as they are needed."""
LOADS = 5
Line = dict[str, Any]
Way = Callable[[str], str]


def measure() -> list[Row]:
    """Accuracy and speed of each way, the bars of the whole, and what loading costs."""
    lines = _lines()
    levels = {label: sign.level for label, sign in default_content("en").symptoms.items()}
    content = load_nlu_content(training.NLU)
    nlu = Nlu(content, levels)
    rows: list[Row] = []
    rows += _rows("strict hassil", _strict_hassil(), _spread(lines, HASSIL_LINES))
    rows += _rows("nearest example", _nearest(), lines)
    if importlib.util.find_spec("sklearn"):
        # It needs the packages that train models; where they are not there, neither is its row.
        rows += _rows("plain linear model", _words_and_letters(Listener(content, levels)), lines)
    rows += _rows(
        "ours", lambda text: nlu.understand(text).intent.value, lines, "≤ 0.5", "≤ 3", "≥ 92"
    )
    size_kb = (training.NLU / MODEL_NAME).stat().st_size / 1e3
    return [*rows, *_bars(lines), *_costs(), Row("size of the model", size_kb, "kB")]


def _rows(
    name: str,
    way: Way,
    lines: Sequence[Line],
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


def _bars(lines: Sequence[Line]) -> list[Row]:
    """What else an utterance means, on the same lines."""
    total = score(lines)
    others = score(line for line in lines if line["intent"] == Intent.NONE.value)
    found = 100 * total.emergencies_found / max(1, total.emergencies)
    alarms = 100 * total.false_emergencies / total.lines
    return [
        Row("body part right", 100 * total.parts / total.lines, "%", "≥ 95"),
        Row("side right", 100 * total.sides / total.lines, "%"),
        Row("symptoms F1", 100 * total.f1, "%", "≥ 92"),
        Row("talk that is not for us left alone", 100 * others.intents / others.lines, "%", "≥ 95"),
        Row("emergencies found", found, "%", "= 100"),
        Row("false emergencies", alarms, "%", "≤ 0.5"),
    ]


def _costs() -> list[Row]:
    """Seconds to load, and the memory of a process that understands, of fresh processes."""
    seconds = sorted(_load_s() for _ in range(LOADS))[LOADS // 2]
    command = [sys.executable, "-m", "voiceskill", "understand"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for line in _spread(_examples(), WARM_UP_LINES):
            child.stdin.write(line["text"] + "\n")
            child.stdin.flush()
            child.stdout.readline()
        memory_mb = psutil.Process(child.pid).memory_info().rss / 1e6
        child.stdin.close()
    return [
        Row("load the understanding", seconds, "s", "≤ 0.3"),
        Row("memory of understand", memory_mb, "MB", "≤ 60"),
    ]


def _load_s() -> float:
    program = (
        "import time, voiceskill.understanding as s; t = time.perf_counter(); s.load_nlu();"
        "print(time.perf_counter() - t)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return float(done.stdout)


def _strict_hassil() -> Way:
    """hassil as it comes: the whole utterance is a template or it is nothing."""
    content = load_nlu_content(training.NLU)
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


def _words_and_letters(listener: Listener) -> Way:
    """A linear model that sees words and letters alone, nothing spotted."""
    known = [
        replace(example, groups=(*example.groups[:2], (), ()))
        for example in train_intents.read_examples()
    ]
    model = train_intents.train(known)

    def way(text: str) -> str:
        for piece in listener.listen(text):
            seen = features(piece.heard)[:2]
            return model.intents[int(model.margins(seen).argmax())].value
        return Intent.NONE.value

    return way


def _examples() -> list[Line]:
    return [line for path in sorted(training.EXAMPLES.glob("*.jsonl")) for line in _read(path)]


def _lines() -> list[Line]:
    """Lines that nobody looked at: the project's own that were written blind, and the blind half of
    the development lines where they are at hand."""
    lines = _read(HERE / "blind_150.jsonl")
    if (path := DATA / "utterances_dev.jsonl").exists():
        lines += [line for line in _read(path) if not is_tuning(line["text"])]
    return lines


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _spread(lines: Sequence[Line], count: int) -> Sequence[Line]:
    return lines[:: max(1, len(lines) // count)]
