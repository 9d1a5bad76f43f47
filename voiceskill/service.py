"""The assistant as a service of the person who is logged in: systemd starts it, watches it, and
starts it again when it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from voiceskill.errors import BadInputError, VoiceSkillError

NAME = "voiceskill.service"

OURS = "# Written by: voiceskill service install"
"""First line of a unit that may be replaced or removed."""

TEMPLATE = Path(__file__).with_name("service.unit")

LIMIT_S = 60.0
"""systemd waits for the assistant to be ready, which takes ten seconds on a Raspberry Pi."""

NO_SYSTEMD = "no systemd of yours runs here to start it. Type: voiceskill talk --wake"

WITHOUT_LOGIN = (
    "It starts when you log in. To have it start with the machine: loginctl enable-linger"
)


def unit_path() -> Path:
    """Where the unit of a person's own service lies; it need not exist."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "systemd" / "user" / NAME


def unit_text() -> str:
    """The unit for this very interpreter."""
    interpreter = sys.executable.replace("\\", "\\\\").replace('"', '\\"')
    # Both stand for something in a unit.
    interpreter = interpreter.replace("%", "%%").replace("$", "$$")
    command = f'"{interpreter}" -m voiceskill talk --wake'
    return TEMPLATE.read_text(encoding="utf-8").format(command=command)


def install() -> Path:
    """Write the unit, start the service now and at every login.

    Raises BadInputError when somebody else's unit is there, VoiceSkillError when there is no
    systemd (the unit is written all the same) or it refuses.
    """
    path = unit_path()
    _keep_foreign(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(unit_text(), encoding="utf-8")
    except OSError as fault:
        raise VoiceSkillError(f"{path} cannot be written: {fault.strerror}.") from fault
    if not _has_systemd():
        raise VoiceSkillError(f"The unit is in {path}, but {NO_SYSTEMD}")
    _systemctl("daemon-reload")
    _systemctl("enable", NAME)
    _systemctl("restart", NAME)
    return path


def remove() -> bool:
    """Stop the service and remove its unit; whether there was one.

    Raises BadInputError when the unit is somebody else's, VoiceSkillError when systemd refuses.
    """
    path = unit_path()
    if not path.exists():
        return False
    _keep_foreign(path)
    if _has_systemd():
        _systemctl("disable", "--now", NAME)
    path.unlink()
    if _has_systemd():
        _systemctl("daemon-reload")
    return True


def status() -> list[str]:
    """What there is, and how it does, in lines for the eye."""
    path = unit_path()
    if not path.exists():
        return ["not installed; type: voiceskill service install"]
    whose = "" if _is_ours(path) else " (not written by voiceskill)"
    lines = [f"unit:     {path}{whose}"]
    if not _has_systemd():
        return [*lines, f"state:    {NO_SYSTEMD}"]
    wanted = "ActiveState,SubState,ActiveEnterTimestamp,NRestarts,UnitFileState"
    shown = _systemctl("show", NAME, f"--property={wanted}")
    fields = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    since = fields.get("ActiveEnterTimestamp")
    return [
        *lines,
        f"state:    {fields.get('ActiveState', 'unknown')} ({fields.get('SubState', 'unknown')})"
        + (f" since {since}" if since else ""),
        f"at login: {fields.get('UnitFileState') or 'unknown'}",
        f"restarts: {fields.get('NRestarts', 'unknown')}",
        f"faults:   journalctl --user --unit {NAME}",
    ]


def _is_ours(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip() == OURS


def _keep_foreign(path: Path) -> None:
    if path.exists() and not _is_ours(path):
        raise BadInputError(
            f"{path} was not written by voiceskill, so it stays as it is. Move it away first."
        )


def _has_systemd() -> bool:
    """Whether a systemd of this person runs; its program alone is in every container."""
    if shutil.which("systemctl") is None:
        return False
    return _run("is-system-running").stdout.strip() not in ("", "offline", "unknown")


def _systemctl(*words: str) -> str:
    """What ``systemctl --user`` prints. Raises VoiceSkillError when it refuses."""
    done = _run(*words)
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
        raise VoiceSkillError(f"systemctl --user {' '.join(words)} failed: {said}")
    return done.stdout


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["systemctl", "--user", *words],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise VoiceSkillError(
            f"systemd did not answer within {LIMIT_S:.0f} s. Look with: systemctl --user status"
        ) from None
