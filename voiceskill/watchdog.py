"""Tells the supervisor (systemd) that the program is ready, alive, or about to stop, in the
protocol of sd_notify. Without a supervisor nothing happens."""

from __future__ import annotations

import logging
import os
import socket
import time

BEAT_EVERY_S = 5.0
"""The unit gives 120 s. What is waited for between two beats takes 100 s at most: a sound card that
is opened anew, every step at its limit; or an engine that loads as slowly as it may, then hangs."""

SOCKET = "NOTIFY_SOCKET"
"""The variable in which systemd names its socket."""

logger = logging.getLogger(__name__)


class Watchdog:
    """The program's signs of life."""

    def __init__(self) -> None:
        name = os.environ.get(SOCKET, "")
        self._address = "\0" + name[1:] if name.startswith("@") else name
        self._next_beat = 0.0

    def ready(self) -> None:
        """The program has started and does its work."""
        self._send("READY=1")

    def beat(self) -> None:
        """The main loop goes on; cheap enough to be called with every frame of sound."""
        now = time.monotonic()
        if now >= self._next_beat:
            self._next_beat = now + BEAT_EVERY_S
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """The program ends on purpose."""
        self._send("STOPPING=1")

    def _send(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
                supervisor.setblocking(False)
                supervisor.sendto(state.encode(), self._address)
        except OSError as fault:
            # A supervisor that does not listen is no reason to stop talking with a person.
            logger.debug("the supervisor did not hear %s: %s", state, fault)
