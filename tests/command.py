"""Runs the command line the way a script does, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

LIMIT_S = 120
"""A hang is a failure; nothing here takes longer, even on a busy machine."""

COMMAND = [sys.executable, "-m", "voiceskill"]


def in_foreground() -> None:
    """For ``preexec_fn``: hear Ctrl-C, which a shell's background jobs are told to ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def voiceskill(
    *arguments: str | Path, given: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``voiceskill ARGUMENTS`` with ``given`` on standard input."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        env={**os.environ, **(env or {})},
        check=False,
    )


def objects(output: str) -> list[dict[str, Any]]:
    """The JSON objects of an output, one a line."""
    return [json.loads(line) for line in output.splitlines()]


def one_clear_line(process: subprocess.CompletedProcess[str]) -> str:
    """The only line of standard error, which is no traceback."""
    lines = process.stderr.splitlines()
    assert len(lines) == 1, process.stderr
    assert "Traceback" not in lines[0]
    return lines[0]
