"""Whether the machine was asleep: the clock that stands still while it sleeps falls behind the one
that does not."""

from __future__ import annotations

import time
from typing import NamedTuple

SLEPT_S = 5.0
"""A shorter sleep does no harm, and nobody wakes a laptop sooner."""


class Reading(NamedTuple):
    """Two clocks, read together."""

    awake_s: float
    """Seconds that the machine has been awake."""
    all_s: float
    """Seconds that have passed, asleep or awake."""


def read_clocks() -> Reading:
    """Both clocks now."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return Reading(time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME))
    # Where there is nothing better: this one also jumps when somebody sets it.
    return Reading(time.monotonic(), time.time())


def slept_s(before: Reading, after: Reading) -> float:
    """Seconds that the machine slept between two readings; 0 for less than ``SLEPT_S``."""
    asleep_s = (after.all_s - before.all_s) - (after.awake_s - before.awake_s)
    return asleep_s if asleep_s >= SLEPT_S else 0.0
