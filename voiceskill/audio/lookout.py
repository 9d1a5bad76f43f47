"""Looks whether a device that was lost is back, in a process of its own: PortAudio looks for
devices once, when it starts, and to start it anew would end the streams in use meanwhile."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from contextlib import suppress

from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.device_microphone import DeviceMicrophone
from voiceskill.errors import AudioError

LOOK_EVERY_S = 30.0
"""A look costs 0.4 s of a slow core, in a process of its own."""

LOOK_LIMIT_S = 20.0
"""A look that takes so long hangs with its sound server."""

END_LIMIT_S = 2.0
"""A process that was killed is gone within milliseconds, or hangs in the system."""

logger = logging.getLogger(__name__)


class Lookout:
    """Looks for one device every ``LOOK_EVERY_S`` seconds, for as long as it is asked."""

    def __init__(self, side: str, name: str) -> None:
        """``side`` is "microphone" or "loudspeaker", ``name`` a part of the device's name."""
        self.side = side
        self.name = name
        self._look: subprocess.Popen[bytes] | None = None
        self._next_at = time.monotonic() + LOOK_EVERY_S
        self._give_up_at = 0.0

    def found(self) -> bool:
        """Whether the look that has just ended found the device; never waits."""
        if self._look is None:
            if time.monotonic() >= self._next_at:
                self._begin()
            return False
        code = self._look.poll()
        if code is None:
            if time.monotonic() >= self._give_up_at:
                self._look.kill()
            return False
        self._look = None
        return code == 0

    def close(self) -> None:
        """Look no more; safe to call twice."""
        look, self._look = self._look, None
        if look is None:
            return
        look.kill()
        with suppress(subprocess.TimeoutExpired):
            look.wait(END_LIMIT_S)

    def _begin(self) -> None:
        now = time.monotonic()
        self._next_at, self._give_up_at = now + LOOK_EVERY_S, now + LOOK_LIMIT_S
        try:
            self._look = subprocess.Popen(
                [sys.executable, "-m", __name__, self.side, self.name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",  # `-m` looks for modules in the folder it is started in, first
            )
        except OSError as error:  # no memory, or too many processes: the next look may do
            logger.warning("The %s could not be looked for (%s).", self.side, error)


def works(side: str, name: str) -> bool:
    """Whether the device can be opened here and now, and gives a sign of life."""
    try:
        (_speak_with if side == "loudspeaker" else _hear_with)(name)
    except AudioError:
        return False
    return True


def _speak_with(name: str) -> None:
    loudspeaker = DeviceLoudspeaker(name)
    try:
        loudspeaker.prove()
    finally:
        loudspeaker.close()


def _hear_with(name: str) -> None:
    microphone = DeviceMicrophone(name)
    try:
        microphone.start()
        microphone.prove()
    finally:
        microphone.close()


if __name__ == "__main__":
    sys.exit(0 if works(*sys.argv[1:]) else 1)
