"""Runs all benchmarks: ``make bench``. Prints a table and writes it as JSON."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks import (
    demo_bench,
    duplex_bench,
    echo_bench,
    long_talk,
    nlu_bench,
    process_bench,
    soak_bench,
    sound_bench,
    stt_bench,
    text_bench,
    timeline,
    tts_bench,
    waking_bench,
)
from benchmarks.row import Row, keep, show

OUTPUT = Path("out/bench.json")

SECTIONS: dict[str, Callable[[], list[Row]]] = {
    "text": text_bench.measure,
    "voice": tts_bench.measure,
    "understanding": nlu_bench.measure,
    "demo": demo_bench.measure,
    "echo": echo_bench.measure,
    "recognition": stt_bench.measure,
    "sound": sound_bench.measure,
    "turns": duplex_bench.measure,
    "timeline": timeline.measure,
    "waking": waking_bench.measure,
    "whole": process_bench.measure,
    "soak": soak_bench.measure,
    "long": long_talk.measure,
    "wakes": waking_bench.measure_hours,
}

ON_REQUEST = {"soak", "long", "wakes"}
"""Takes minutes: measured only when it is named."""


def main() -> None:
    """Measure the named sections, or all of them."""
    console = Console()
    wanted = sys.argv[1:] or [name for name in SECTIONS if name not in ON_REQUEST]
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}")
    console.print(f"{platform.machine()}, Python {platform.python_version()}")
    rows: list[Row] = []
    for name in wanted:
        console.print(f"measuring {name} ...", style="dim")
        found = SECTIONS[name]()
        show(found, console)
        rows += found
    keep(rows, OUTPUT)
    console.print(f"written to {OUTPUT}")


if __name__ == "__main__":
    main()
