"""A conversation with the whole program on a virtual sound card, and its events."""

from __future__ import annotations

import json
import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import Any

from tests.command import COMMAND
from tests.virtual_card import VirtualCard

LIMIT_S = 60.0
"""Longest wait for one event of a live conversation."""


class Live:
    """A live conversation and its events, each with the monotonic time ``came_s`` it came at."""

    def __init__(
        self, card: VirtualCard, *arguments: str, command: Sequence[str] = COMMAND
    ) -> None:
        # Not a pipe: nobody reads what PortAudio complains of until it is full.
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [*command, "talk", "--json", *arguments],
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=card.env,
        )
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.seen: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # Some wait in the queue: when they came is not when they are taken out.
            self._events.put({**json.loads(line), "came_s": time.monotonic()})
        self._events.put(None)

    def next(self, limit_s: float = LIMIT_S) -> dict[str, Any] | None:
        """The next event, or None when none came in so many seconds."""
        try:
            event = self._events.get(timeout=limit_s)
        except queue.Empty:
            return None
        if event is None:
            raise AssertionError(f"the assistant ended: {self.seen[-5:]} {self.errors()}")
        self.seen.append(event)
        return event

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next event of this kind, with these fields."""
        return self.until_one_of(kind, **fields)

    def until_one_of(self, *kinds: str, **fields: Any) -> dict[str, Any]:
        """The next event of one of these kinds, with these fields."""
        end = time.monotonic() + LIMIT_S
        while (left := end - time.monotonic()) > 0:
            event = self.next(left)
            if event and event["event"] in kinds and fields.items() <= event.items():
                return event
        raise AssertionError(f"no {kinds} came: {self.seen[-5:]}")

    def errors(self) -> str:
        """Standard error, once the process has ended."""
        if self.process.poll() is None:
            return ""
        self._errors.seek(0)
        return self._errors.read()

    def close(self) -> None:
        """End the process, whatever it does."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
