"""Shows how far a download is, and ends one that takes too long in all."""

from __future__ import annotations

import time
from typing import Any


class TooSlowError(Exception):
    """The download would take longer than it may."""


class DownloadBar:
    """What pooch reports its progress to; a bar on standard error."""

    def __init__(self, total: int, limit_s: float | None) -> None:
        """``total`` bytes are expected; ``limit_s`` seconds is the most all of them may take."""
        from tqdm import tqdm

        self.total = total
        self._end = time.monotonic() + limit_s if limit_s else None
        self._bar: Any = tqdm(total=total, unit="B", unit_scale=True, ncols=79, leave=False)

    def update(self, count: int) -> None:
        """``count`` more bytes have come. Raises TooSlowError when the time is over."""
        self._bar.update(count)
        if self._end and time.monotonic() > self._end:
            self._bar.close()
            raise TooSlowError

    def reset(self) -> None:
        """pooch counts all bytes once more at the end; the bar begins anew for it."""
        self._bar.reset()

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()
