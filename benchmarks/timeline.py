"""Where each millisecond of a turn goes: traces as a table and as a picture."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.row import Row
from benchmarks.timeline_picture import KINDS, draw
from benchmarks.trace_turns import INTERRUPTION, Turn, read_turns
from voiceskill.errors import BadInputError

TRACES = Path("out/traces")
PICTURE = Path("out/timeline.svg")

MOST_TURNS = 20
"""More are no picture any more; of more, so many from beginning to end."""


def measure(folder: Path = TRACES, picture: Path = PICTURE) -> list[Row]:
    """Medians and ninetieth percentiles of the traces in a folder; the picture is written."""
    turns: list[Turn] = []
    faults: list[Row] = []
    found: list[Row] = []
    for path in sorted(folder.glob("*.jsonl")):
        try:
            traced = read_turns(path)
            turns += traced
            # Each engine by itself: what one takes says nothing of the other.
            found += [replace(row, name=f"{path.stem}: {row.name}") for row in rows(traced)]
        except BadInputError as fault:
            faults.append(_skipped(str(fault)))
    if not turns:
        return faults or [_skipped(f"no turn is traced in {folder}; run the section turns before")]
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(draw(_some(turns), len(turns)), encoding="utf-8")
    return [*faults, *found]


def rows(turns: list[Turn]) -> list[Row]:
    """Each span of the turns, milliseconds: what depends on what was expected by kind, the rest of
    all turns together."""
    found: list[Row] = []
    for kind, name in KINDS.items():
        of_kind = [turn for turn in turns if turn.kind == kind]
        found += _span(f"{name}: end of speech to final", of_kind, lambda t: t.final - t.ended)
        found += _span(f"{name}: end of speech to sound", of_kind, lambda t: t.playing - t.ended)
    over = [turn for turn in turns if turn.kind == INTERRUPTION]
    fetched = [turn for turn in turns if turn.cached]
    fresh = [turn for turn in turns if not turn.cached]
    return [
        *found,
        *_span("interruption: speech to cut", over, lambda t: (t.cut or t.began) - t.began),
        *_span("interruption: cut to final", over, lambda t: t.final - (t.cut or t.final)),
        *_span("final to understood", turns, lambda t: t.understood - t.final),
        *_span("understood to rendered, cached", fetched, lambda t: t.rendered - t.understood),
        *_span("understood to rendered, fresh", fresh, lambda t: t.rendered - t.understood),
        *_span("rendered to first sample", turns, lambda t: t.playing - t.rendered),
    ]


def _span(name: str, turns: list[Turn], seconds: Callable[[Turn], float]) -> list[Row]:
    """Median and ninetieth percentile; nothing of no turns."""
    if not turns:
        return []
    values = sorted(1000 * seconds(turn) for turn in turns)
    ninetieth = values[math.ceil(0.9 * len(values)) - 1]
    return [
        Row(f"{name}, median of {len(values)}", statistics.median(values), "ms"),
        Row(f"{name}, 90th percentile", ninetieth, "ms"),
    ]


def _some(turns: list[Turn]) -> list[Turn]:
    """As many turns as fit, evenly chosen."""
    count = min(len(turns), MOST_TURNS)
    return [turns[i * len(turns) // count] for i in range(count)]


def _skipped(reason: str) -> Row:
    return Row(f"skipped: {reason}", float("nan"), "")
