"""The service of the person's own systemd. There is none where the tests run: a stub stands in for
``systemctl`` and writes down what it is asked."""

from __future__ import annotations

import configparser
import os
import shlex
import sys
from pathlib import Path

import pytest

from tests.command import one_clear_line, voiceskill
from voiceskill.__main__ import TERMINATED
from voiceskill.audio import lookout, portaudio
from voiceskill.service import TEMPLATE
from voiceskill.stt import ear, watched_recognizer
from voiceskill.watchdog import BEAT_EVERY_S

STUB = """#!/bin/sh
echo "$@" >> "$SYSTEMCTL_LOG"
case "$*" in
*is-system-running*) echo running ;;
*show*) printf 'ActiveState=active\\nSubState=running\\nNRestarts=2\\nUnitFileState=enabled\\n' ;;
*"$SYSTEMCTL_REFUSES"*) echo "no such thing" >&2; exit 5 ;;
esac
"""


class Home:
    """A home folder, and a systemd that only takes notes."""

    def __init__(self, folder: Path) -> None:
        self.unit = folder / "config/systemd/user/voiceskill.service"
        self._log = folder / "asked"
        programs = folder / "programs"
        programs.mkdir()
        stub = programs / "systemctl"
        stub.write_text(STUB)
        stub.chmod(0o755)
        self.env = {
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "SYSTEMCTL_LOG": str(self._log),
            "SYSTEMCTL_REFUSES": "nothing",
        }

    @property
    def asked(self) -> list[str]:
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [line for line in lines if "is-system-running" not in line]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_install_writes_a_watched_unit_for_this_interpreter_and_starts_it(home: Home) -> None:
    done = voiceskill("service", "install", env=home.env)

    assert done.returncode == 0, done.stderr
    path, hint = done.stdout.splitlines()
    assert path == str(home.unit)
    assert "loginctl enable-linger" in hint
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(home.unit)
    service = unit["Service"]
    words = shlex.split(service["ExecStart"])
    assert words == [sys.executable, "-m", "voiceskill", "talk", "--wake"]
    assert (service["Type"], service["WatchdogSec"], service["Restart"]) == (
        "notify",
        "120",
        "on-failure",
    )
    # A random.py in the home folder would be taken for Python's.
    assert service["WorkingDirectory"] == "/"
    # With 1, a stop was listed as a failure, and a fault would be taken for a stop.
    assert service["SuccessExitStatus"] == str(TERMINATED)
    assert home.asked == [
        "--user daemon-reload",
        "--user enable voiceskill.service",
        "--user restart voiceskill.service",
    ]


def test_the_supervisor_waits_longer_than_anything_that_has_a_limit() -> None:
    """It would kill an assistant that is about to get its sound back."""
    # Both looks for a named device ended, both sides closed, PortAudio anew; then each side by name
    # and as the default, at its own rate and at another.
    closing_s = 2 * (lookout.END_LIMIT_S + portaudio.CLOSE_S)
    card_s = closing_s + portaudio.OPEN_S + 2 * 2 * 2 * portaudio.OPEN_S
    tolerance_s = ear.MAX_UTTERANCE_S * watched_recognizer.TOLERANCE_S_PER_S
    engine_s = watched_recognizer.OPEN_LIMIT_S + watched_recognizer.STUCK_S + tolerance_s
    (line,) = [line for line in TEMPLATE.read_text().splitlines() if line.startswith("WatchdogSec")]

    assert float(line.removeprefix("WatchdogSec=")) > max(card_s, engine_s) + BEAT_EVERY_S


def test_status_is_readable_before_and_after(home: Home) -> None:
    before = voiceskill("service", "status", env=home.env).stdout
    voiceskill("service", "install", env=home.env)
    after = voiceskill("service", "status", env=home.env).stdout

    assert before == "not installed; type: voiceskill service install\n"
    assert f"unit:     {home.unit}\n" in after
    assert "state:    active (running)\n" in after
    assert "restarts: 2\n" in after


def test_remove_leaves_nothing_and_a_second_time_says_so(home: Home) -> None:
    voiceskill("service", "install", env=home.env)

    assert voiceskill("service", "remove", env=home.env).stdout == "removed\n"
    assert not home.unit.exists()
    assert "--user disable --now voiceskill.service" in home.asked
    assert voiceskill("service", "remove", env=home.env).stdout == "there is no service to remove\n"


@pytest.mark.parametrize("command", ["install", "remove"])
def test_a_unit_that_is_not_ours_is_left_alone(home: Home, command: str) -> None:
    home.unit.parent.mkdir(parents=True)
    home.unit.write_text("[Service]\nExecStart=/bin/true\n")

    done = voiceskill("service", command, env=home.env)

    assert done.returncode == 2
    assert "was not written by voiceskill" in one_clear_line(done)
    assert home.unit.read_text() == "[Service]\nExecStart=/bin/true\n"
    assert home.asked == []


def test_what_systemd_refuses_is_one_line(home: Home) -> None:
    done = voiceskill("service", "install", env={**home.env, "SYSTEMCTL_REFUSES": "enable"})

    assert done.returncode == 1
    assert "enable voiceskill.service failed: no such thing" in one_clear_line(done)


def test_without_systemd_the_unit_is_written_and_one_line_tells_how_to_go_on(
    tmp_path: Path,
) -> None:
    bare = {"XDG_CONFIG_HOME": str(tmp_path), "PATH": str(tmp_path)}

    done = voiceskill("service", "install", env=bare)

    assert done.returncode == 1
    assert "no systemd of yours runs here" in one_clear_line(done)
    assert (tmp_path / "systemd/user/voiceskill.service").exists()
    assert "no systemd" in voiceskill("service", "status", env=bare).stdout
    assert voiceskill("service", "remove", env=bare).returncode == 0
