"""What is left of a run when all of it is closed."""

from __future__ import annotations

import time

import psutil


def threads() -> int:
    """Of this process, also those that no Python code started."""
    return int(psutil.Process().num_threads())


def threads_left(before: int, limit_s: float) -> int:
    """How many threads there are more than ``before`` anything was opened. Those that still do
    something have so many seconds to end: nobody waits for an engine that hangs."""
    until = time.monotonic() + limit_s
    while (left := threads() - before) > 0 and time.monotonic() < until:
        time.sleep(0.1)
    return left
