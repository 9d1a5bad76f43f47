"""The program with two handles for the endurance test, as no engine fails when asked to: at SIGUSR1
its recogniser raises an error with the next utterance, at SIGUSR2 it hangs for a while."""

from __future__ import annotations

import signal
import time
from typing import Any

from voiceskill.__main__ import main
from voiceskill.stt.whisper_engine import WhisperRecognizer

HANG_S = 12.0
"""Longer than the assistant waits for an engine."""


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
            mischief.pop()()
        return hear(self, *arguments)

    WhisperRecognizer._hear = hear_or_fail  # type: ignore[method-assign]


if __name__ == "__main__":
    _lay_handles()
    main()
