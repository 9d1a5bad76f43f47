"""Finds the line of prompts/ that a fault is about, so that nobody has to search for it."""

from __future__ import annotations

import re
from pathlib import Path

_QUOTED = re.compile(r"'([^']+)'")


def located(fault: str, folder: Path) -> str:
    """``fault`` ("stretches R1: 'flying' is no position") with file and line before it.

    Its first words name a file or folder of prompts/ and perhaps an item in it; the first thing in
    quotes is looked for from there on.
    """
    place, _, text = fault.partition(": ")
    where, _, item = place.partition(" ")
    for path in _files(folder / where):
        lines = path.read_text(encoding="utf-8").splitlines()
        line = _line(lines, item, _QUOTED.findall(text))
        if line is not None:
            return f"{path}:{line}: {f'{item}: ' if item else ''}{text}"
    return f"{folder / where}: {f'{item}: ' if item else ''}{text}"


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _line(lines: list[str], item: str, quoted: list[str]) -> int | None:
    """Number, from 1, of the line with the first quoted word in the item, else of the item."""
    start = 0
    if item:
        name = re.escape(item)
        own = re.compile(rf"(- )?\{{?(id|label|level|code): {name}(?![\w-])|{name}:")
        found = [number for number, line in enumerate(lines) if own.match(line)]
        if not found:
            return None
        start = found[-1]
    for word in quoted[:1]:
        for number in range(start, len(lines)):
            if word in lines[number]:
                return number + 1
    return start + 1
