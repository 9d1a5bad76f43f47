"""Programs in a process of their own: PortAudio reads its environment once, when it is loaded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

HANG_S = 40.0
"""A child that takes longer hangs."""


def run_program(program: str, env: Mapping[str, str], *arguments: object) -> str:
    """Run a Python program to its end and return what it printed; it must end well and quietly."""
    with started_program(program, env, *arguments) as child:
        return finished(child)


@contextmanager
def started_program(
    program: str, env: Mapping[str, str], *arguments: object
) -> Iterator[subprocess.Popen[str]]:
    """A running Python program; it is ended with the block."""
    child = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def finished(child: subprocess.Popen[str], *, quiet: bool = True) -> str:
    """What a child printed until its end; with ``quiet`` it must not have complained."""
    said, complained = child.communicate(timeout=HANG_S)
    assert child.returncode == 0, complained
    assert not (quiet and complained), complained
    return said
