"""How soon an assistant tells of each kind of fault, read from its events."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.row import Row

LIMIT_S = 15.0
"""A fault that is not told by then is never told."""


class Words(NamedTuple):
    """What is told of a kind of fault."""

    first: str
    """A part of whatever is told of it."""
    exact: str
    """A part of what names it: that something is slow does not."""


TOLD = {
    "server killed": Words("is gone", "is gone"),
    "server hung": Words("is gone", "is gone"),
    "headset replugged": Words("is gone", "is gone"),
    "renderer stopped": Words("The voice ", "The voice failed"),
    "engine raised": Words("The speech engine ", "failed: the endurance test"),
    "engine stuck": Words("The speech engine ", "does not answer"),
    "stalled for 5 s": Words("held up", "held up"),
}
"""The kinds. A stalled assistant can tell nothing before the end of it."""


class Notices:
    """When each fault was first told of, and when it was named."""

    def __init__(self, next_event: Callable[[float], dict[str, Any] | None]) -> None:
        """``next_event`` gives the next event, or None after so many seconds."""
        self._next_event = next_event
        self._first_s: defaultdict[str, list[float]] = defaultdict(list)
        self._exact_s: defaultdict[str, list[float]] = defaultdict(list)

    def wait(self, kind: str, since: float, acts_with: str = "") -> None:
        """Until a fault of this kind has been named. It acts ``since`` a monotonic time, or from
        the last event called ``acts_with``. Raises TimeoutError."""
        first_at: float | None = None
        end = time.monotonic() + LIMIT_S
        while (left_s := end - time.monotonic()) > 0:
            event = self._next_event(left_s) or {"event": "none"}
            if event["event"] == acts_with and first_at is None:
                since = event["came_s"]
            elif event.get("came_s", since) < since:
                continue  # of the fault before
            elif event["event"] == "trouble" and TOLD[kind].first in event["message"]:
                first_at = first_at or event["came_s"]
                if TOLD[kind].exact in event["message"]:
                    self._first_s[kind].append(first_at - since)
                    self._exact_s[kind].append(event["came_s"] - since)
                    return
        raise TimeoutError(kind)

    def rows(self, run: str) -> list[Row]:
        """The longest time of each kind, so that none hides behind the others."""
        nan = float("nan")
        rows = []
        for kind in TOLD:
            first_s, exact_s = self._first_s[kind], self._exact_s[kind]
            name, of = f"{run}, {kind}", f"longest of {len(first_s)}"
            rows += [
                Row(f"{name}, to being told, {of}", max(first_s, default=nan), "s", "≤ 1"),
                Row(f"{name}, to being named, {of}", max(exact_s, default=nan), "s"),
            ]
        return rows
