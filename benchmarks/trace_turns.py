"""Splits a trace of ``voiceskill talk --trace FILE`` into turns: the person speaks, the assistant
answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from voiceskill.errors import BadInputError

INTERRUPTION = "interruption"

IN_A_HOLD = "command"
"""What is expected where nothing was asked."""

BEFORE = {"understood": "final", "rendered": "understood", "playing": "rendered"}
"""The steps of an answer, each with the one that it follows."""

DROPS = {"unheard", "silence", "trouble", "asleep"}
"""Between what was heard and its answer these make it another story."""


@dataclass(frozen=True)
class Turn:
    """What one turn was, and when; all times in monotonic seconds of one machine."""

    text: str
    """What was heard."""

    kind: str
    """What was expected (open, where, yes_no, command), or that it was an interruption."""

    cached: bool
    """Whether the first sentence of the answer only had to be fetched."""

    cut: float | None
    """When the assistant fell silent for it."""

    began: float
    """When the voice began."""

    ended: float
    """When the voice ended."""

    final: float
    understood: float
    rendered: float
    playing: float
    """When the first sample of the answer was handed to the loudspeaker."""


def read_turns(path: Path) -> list[Turn]:
    """The turns that were answered, in their order; none where a file was heard: it has no clock.

    Raises BadInputError, naming the line, when the file is no trace.
    """
    turns: list[Turn] = []
    story = _Story()
    for number, event in _events(path):
        try:
            turn = story.go_on(event)
        except (KeyError, TypeError):
            raise _no_trace(path, number) from None
        if turn:
            turns.append(turn)
    return turns


class _Story:
    """What is known of the turn that is going on."""

    def __init__(self) -> None:
        self._expects = IN_A_HOLD
        self._cut: float | None = None
        self._parts: dict[str, Any] = {}

    def go_on(self, event: dict[str, Any]) -> Turn | None:
        """Take one event; the turn, when it is complete. Raises KeyError for a missing field."""
        kind = event["event"]
        if kind == "listening":
            self._expects = event["expects"]
            self._cut = None
        elif kind == "cut":
            self._cut = event["clock"]
        elif kind == "ignored":
            self._cut = None
        elif kind == "heard":
            self._begin(event)
        elif kind in DROPS:
            self._parts = {}
        elif kind in BEFORE and kind not in self._parts and BEFORE[kind] in self._parts:
            self._step(kind, event)
        return self._whole()

    def _begin(self, heard: dict[str, Any]) -> None:
        """The person's part, where its time is known."""
        ended, length_s = heard["end_clock"], heard["end"] - heard["start"]
        kind = self._expects if self._cut is None else INTERRUPTION
        self._parts = {}
        if ended is not None:
            self._parts = {
                "text": heard["text"],
                "kind": kind,
                "cut": self._cut,
                "began": ended - length_s,
                "ended": ended,
                "final": heard["clock"],
            }
        self._expects, self._cut = IN_A_HOLD, None

    def _step(self, kind: str, event: dict[str, Any]) -> None:
        """The first of each step of the answer."""
        # The loudspeaker's time comes in whole milliseconds, the others in tenths.
        self._parts[kind] = max(event["clock"], self._parts[BEFORE[kind]])
        if kind == "rendered":
            self._parts["cached"] = event["cached"]

    def _whole(self) -> Turn | None:
        if len(self._parts) < len(fields(Turn)):
            return None
        turn = Turn(**self._parts)
        self._parts = {}
        return turn


def _events(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each event with the number of its line."""
    try:
        # Only a line feed ends a line: what was heard may hold any other character.
        file = path.open(encoding="utf-8", errors="replace", newline="\n")
    except OSError as fault:
        raise BadInputError(f"{path}: {fault.strerror}; name a trace that can be read") from None
    with file:
        for number, line in enumerate(file, 1):
            try:
                event = json.loads(line)
                is_event = isinstance(event["event"], str) and isinstance(event["clock"], float)
            except (ValueError, KeyError, TypeError):
                is_event = False
            if not is_event:
                raise _no_trace(path, number)
            yield number, event


def _no_trace(path: Path, number: int) -> BadInputError:
    return BadInputError(
        f"{path}: line {number} is no event of a trace; delete the line, or trace anew"
    )
