"""Runs the benchmarks, by ``make bench`` those of minutes, by ``make bench-all`` all. Prints tables
and writes them as JSON."""

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
"""Takes many minutes: measured only when it is named, or all is."""

ALL = "all"


def sections(arguments: list[str]) -> list[str]:
    """What is to be measured: what is named, by "all" everything. Raises SystemExit."""
    if not arguments:
        return [name for name in SECTIONS if name not in ON_REQUEST]
    if arguments == [ALL]:
        return list(SECTIONS)
    unknown = [name for name in arguments if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}; {ALL}")
    return arguments


def main() -> None:
    """Measure section by section; what was measured is kept when a later one is broken off."""
    console = Console()
    wanted = sections(sys.argv[1:])
    console.print(f"{platform.machine()}, Python {platform.python_version()}")
    rows: list[Row] = []
    for number, name in enumerate(wanted, 1):
        console.print(f"measuring {name}, {number} of {len(wanted)} ...", style="dim")
        found = SECTIONS[name]()
        show(found, console)
        rows += found
        keep(rows, OUTPUT)
    console.print(f"written to {OUTPUT}")


if __name__ == "__main__":
    main()
