"""Watches both sides of a virtual sound card: when the microphone and the loudspeaker sound."""

from __future__ import annotations

import bisect
import math
import subprocess
import threading
import time
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from tests.virtual_card import LOUDSPEAKER, MICROPHONE, VirtualCard

BLOCK_S = 0.01
"""Resolution: both sides are late by the same 20 ms, so that differences are good to this."""

SILENT_DB = -60.0
"""Below it nothing plays: renderings are digital silence between the words."""


class Meter:
    """One side of a card; a context manager."""

    def __init__(self, card: VirtualCard, source: str) -> None:
        self._samples = round(card.rate * BLOCK_S)
        self._process = subprocess.Popen(
            [
                "parecord",
                "--raw",
                f"--device={source}",
                f"--rate={card.rate}",
                "--channels=1",
                "--format=s16le",
                "--latency-msec=20",
            ],
            env=card.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._levels: list[tuple[float, float]] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(5)
        self._thread.join(5)

    def last_sound(self, after: float, before: float) -> float | None:
        """Monotonic time at which the last sound within the two times ended."""
        times = [at for at, level in self._since(after) if at <= before and level > SILENT_DB]
        return times[-1] if times else None

    def first_sound(self, after: float) -> float | None:
        """Monotonic time of the first sound after a time."""
        return next((at for at, level in self._since(after) if level > SILENT_DB), None)

    def silent_since(self, after: float, quiet_s: float) -> float | None:
        """Monotonic time, after ``after``, from which nothing sounded for ``quiet_s`` seconds."""
        last = after
        for at, level in self._since(after):
            if at - last >= quiet_s:
                return last
            if level > SILENT_DB:
                last = at
        return None

    def _since(self, after: float) -> list[tuple[float, float]]:
        """Time and level of every block from then on. Not of the whole of half an hour, twenty
        times a second: that keeps a core busy, and live sound stutters."""
        return self._levels[bisect.bisect_left(self._levels, (after, -math.inf)) :]

    def _read(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read(self._samples * 2):
            samples = np.frombuffer(data[: len(data) // 2 * 2], np.int16)
            self._levels.append((time.monotonic(), level_db(samples)))


def level_db(samples: NDArray[np.int16]) -> float:
    """Of a block of sound, against full scale."""
    power = float(np.mean((samples.astype(np.float64) / 32_768) ** 2)) if len(samples) else 0.0
    return 10 * math.log10(power) if power > 0 else -200.0


def ear(card: VirtualCard) -> Meter:
    """The side of the person: what the microphone hears."""
    return Meter(card, MICROPHONE)


def mouth(card: VirtualCard) -> Meter:
    """The side of the assistant: what the loudspeaker plays."""
    return Meter(card, f"{LOUDSPEAKER}.monitor")
