"""The program with two handles for the endurance test, as no engine fails when asked to: at SIGUSR1
its recogniser raises an error with the next utterance, at SIGUSR2 it hangs for a while.

Two more events are among its own: ``mischief`` when that happens, and at the end ``closed``.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import Any

from benchmarks.left_over import threads, threads_left
from voiceskill.__main__ import main
from voiceskill.stt.whisper_engine import WhisperRecognizer

HANG_S = 12.0
"""Longer than the assistant waits for an engine."""

END_LIMIT_S = 5.0
"""All faults are over by the end: what takes longer to close is left."""


def _raise() -> None:
    raise RuntimeError("the endurance test asked for it")


def _hang() -> None:
    time.sleep(HANG_S)


def _lay_handles() -> None:
    mischief: list[Any] = []
    signal.signal(signal.SIGUSR1, lambda *_: mischief.append(_raise))
    signal.signal(signal.SIGUSR2, lambda *_: mischief.append(_hang))
    hear: Any = WhisperRecognizer._hear

    def hear_or_fail(self: WhisperRecognizer, *arguments: Any) -> Any:
        if mischief:
            _tell("mischief")
            mischief.pop()()
        return hear(self, *arguments)

    WhisperRecognizer._hear = hear_or_fail  # type: ignore[method-assign]


def _tell(event: str, **fields: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    threads_before = threads()
    _lay_handles()
    try:
        main()
    finally:
        _tell("closed", threads_left=threads_left(threads_before, END_LIMIT_S))
