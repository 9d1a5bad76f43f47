"""What a service's journal gets, which is standard error: what fails, and no word of anybody."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from tests.command import LIMIT_S

PROGRAM = """
import sys
from voiceskill import talking
from voiceskill.__main__ import main
from voiceskill.happenings import Trouble, WasHeard, WasSaid

def converse(settings, tell, *files, **options):
    tell(WasHeard(1.0, "my calf is cramping", 0.9, 0.2, 1.0, None))
    tell(WasSaid(1.0, "Pull your toes up.", "relief", ()))
    tell(Trouble(2.0, "The loudspeaker is gone."))

talking.talk = converse
main()
"""
"""The command itself, with a conversation in which something fails at once."""

TOLD = "voiceskill: The loudspeaker is gone.\n"


def _talk(*options: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "talk", *options],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )


def test_a_service_tells_what_fails_and_nothing_else() -> None:
    done = _talk("--wake", stdout=subprocess.DEVNULL)

    assert done.stderr == TOLD


def test_a_program_that_reads_the_events_gets_it_there() -> None:
    done = _talk("--json")

    assert done.stderr == ""
    assert "The loudspeaker is gone." in done.stdout


def test_who_sees_the_captions_sees_it_there() -> None:
    seen, terminal = pty.openpty()
    try:
        done = _talk(stdout=terminal)
        shown = os.read(seen, 65_536).decode()
    finally:
        os.close(terminal)
        os.close(seen)

    assert done.stderr == ""
    assert "The loudspeaker is gone." in shown
