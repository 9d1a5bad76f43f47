"""Nothing leaves the machine: a whole spoken conversation with every socket blocked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import socket, sys
from pathlib import Path

class Blocked(socket.socket):
    def __init__(self, *args, **kwargs):
        raise SystemExit("a socket was opened")

socket.socket = Blocked
socket.create_connection = socket.getaddrinfo = Blocked

from rich.console import Console
from voiceskill.demo import show_recorded
from voiceskill.settings import Settings

show_recorded(Settings(), Console(), Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_a_whole_conversation_needs_no_socket(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "a socket was opened" not in done.stdout + done.stderr
    assert (tmp_path / "conversation.wav").stat().st_size > 100_000
    # Only the two sound files that were asked for were written.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["conversation.wav", "speaker.wav"]
