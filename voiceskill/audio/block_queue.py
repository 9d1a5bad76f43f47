"""The bounded queue between PortAudio's thread and ours."""

from __future__ import annotations

import threading
from collections import deque


class BlockQueue:
    """Blocks of sound, first in first out; when it is full the oldest is dropped and counted."""

    def __init__(self, capacity: int) -> None:
        self._blocks: deque[bytes] = deque(maxlen=capacity)
        self._filled = threading.Condition()
        self.dropped = 0
        """Blocks that nobody fetched in time."""

    def put(self, block: bytes) -> None:
        """Append a block; never waits."""
        with self._filled:
            if len(self._blocks) == self._blocks.maxlen:
                self.dropped += 1
            self._blocks.append(block)
            self._filled.notify()

    def get(self, timeout_s: float) -> bytes | None:
        """The oldest block, or None when there is none within ``timeout_s`` seconds."""
        with self._filled:
            self._filled.wait_for(lambda: len(self._blocks) > 0, timeout_s)
            return self._blocks.popleft() if self._blocks else None

    def clear(self) -> int:
        """Throw away what is queued; returns how many blocks that were."""
        with self._filled:
            count = len(self._blocks)
            self._blocks.clear()
            return count
