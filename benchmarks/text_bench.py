"""Understanding and dialogue: how fast, and how much of the labelled utterances is right."""

from __future__ import annotations

import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from voiceskill.settings import load_settings
from voiceskill.skill import new_session
from voiceskill.textchat import TextChat
from voiceskill.understanding import load_nlu

ROOT = Path(__file__).resolve().parents[1]

TALK = [
    "my calf is cramping",
    "no",
    "no",
    "next",
    "heat or ice",
    "repeat",
    "next",
    "stop",
    "thanks",
]
"""A conversation of the ordinary kind, for the time of a turn."""


def measure() -> list[Row]:
    """Load time, utterances a second, time of a turn, and accuracy where there are labels."""
    began = time.perf_counter()
    nlu = load_nlu()
    rows = [Row("load prompts and understanding", (time.perf_counter() - began) * 1e3, "ms")]
    labelled = _labelled()
    texts = [item["text"] for item in labelled] or TALK
    for text in texts:
        nlu.understand(text)
    times = sorted(_timed(nlu.understand, text) for text in texts)
    rows += [
        Row("understand an utterance, median", statistics.median(times) * 1e3, "ms"),
        Row("understand an utterance, 99 %", times[int(len(times) * 0.99)] * 1e3, "ms"),
        Row("utterances a second", len(times) / sum(times), "1/s"),
    ]
    chat = TextChat(new_session(load_settings()))
    chat.start()
    turns = [_timed(chat.say, line) for _ in range(20) for line in TALK]
    rows.append(Row("a turn of dialogue, median", statistics.median(turns) * 1e3, "ms", "≤ 2"))
    return rows + _accuracy(labelled)


def _timed(call: Any, argument: str) -> float:
    began = time.perf_counter()
    call(argument)
    return time.perf_counter() - began


def _labelled() -> list[dict[str, Any]]:
    folder = Path(os.environ.get("VOICESKILL_TEST_DATA", ROOT / "../shared/data"))
    file = folder / "utterances_dev.jsonl"
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _accuracy(labelled: list[dict[str, Any]]) -> list[Row]:
    if not labelled:
        return []
    meanings = [load_nlu().understand(item["text"]) for item in labelled]
    pairs = list(zip(labelled, meanings, strict=True))
    intents = sum(m.intent.value in (item["intent"], *item["accept"]) for item, m in pairs)
    parts = sum((m.body_part and m.body_part.value) == item["body_part"] for item, m in pairs)
    hits = sum(len({s.value for s in m.symptoms} & set(item["symptoms"])) for item, m in pairs)
    found = sum(len(m.symptoms) for _, m in pairs)
    wanted = sum(len(item["symptoms"]) for item, _ in pairs)
    return [
        Row("intent right or acceptable", 100 * intents / len(pairs), "%", "≥ 85"),
        Row("body part right", 100 * parts / len(pairs), "%"),
        Row("symptoms F1", 200 * hits / (found + wanted), "%"),
    ]
