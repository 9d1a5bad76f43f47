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
        self.total = total
        self._end = time.monotonic() + limit_s if limit_s else None
        self._bar: Any = None

    def update(self, count: int) -> None:
        """``count`` more bytes have come. Raises TooSlowError when the time is over."""
        if self._bar is None:
            # Not before the first bytes: a network that refuses leaves no empty bar behind.
            from tqdm import tqdm

            self._bar = tqdm(total=self.total, unit="B", unit_scale=True, ncols=79, leave=False)
        self._bar.update(count)
        if self._end and time.monotonic() > self._end:
            self.close()
            raise TooSlowError

    def reset(self) -> None:
        """pooch counts all bytes once more at the end; the bar begins anew for it."""
        if self._bar is not None:
            self._bar.reset()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
