"""One measured number, and how rows are shown and kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measured number."""

    name: str
    value: float
    unit: str
    bar: str = ""
    """The bar it is held against, as text: "≤ 60"."""


def show(rows: list[Row], console: Console) -> None:
    """The rows as a table."""
    table = Table("what", "measured", "unit", "bar")
    for row in rows:
        # Three digits, but never as a power of ten.
        value = f"{row.value:.0f}" if row.value >= 100 else f"{row.value:.3g}"
        table.add_row(row.name, value, row.unit, row.bar)
    console.print(table)


def keep(rows: list[Row], path: Path) -> None:
    """The rows as JSON, written whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
    half.replace(path)
