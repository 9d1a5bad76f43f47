"""Where the program starts. Light, so that Ctrl-C and a missing extra are told in one line even
while the rest is still being imported."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from voiceskill.errors import fail, missing_package

TERMINATED = 128 + signal.SIGTERM
"""What a shell makes of a program that SIGTERM has ended; a supervisor takes it for no failure."""


class Terminated(SystemExit):
    """SIGTERM came."""


def main() -> NoReturn:
    """Run the command line; every fault a person can mend is one line on standard error."""
    _have_streams()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        from voiceskill.cli import run_command

        status = run_command()
    except KeyboardInterrupt:
        status = fail("Stopped.", 1)
    except Terminated:
        status = fail("Stopped.", TERMINATED)
    except ModuleNotFoundError as fault:
        status = fail(missing_package(fault), 1)
    except BrokenPipeError:
        # The reader of our output went away; nothing is left to tell anybody.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - closed by the interpreter's end
        status = 1
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename else ""
        status = fail(f"{where}{fault.strerror or fault}. Mend that and try again.", 1)
    raise SystemExit(_flushed(status))


def _flushed(status: int) -> int:
    """The status, or 1 when the last of the output could not be written."""
    try:
        sys.stdout.flush()
    except OSError as fault:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - closed by the interpreter's end
        return status or fail(f"The output could not be written: {fault.strerror}.", 1)
    return status


def _have_streams() -> None:
    """A program started without standard streams reads nothing and writes nowhere."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115 - closed by the interpreter's end
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - likewise
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - likewise
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends like Ctrl-C: what was started is stopped, what was opened is closed."""
    raise Terminated(TERMINATED)


if __name__ == "__main__":
    main()
