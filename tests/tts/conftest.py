"""Voices for these tests: the real engine, started once for each file where it is shared."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Voice]:
    shared = Pyttsx3Voice()
    yield shared
    shared.close()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB: room for a second of speech."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can make a tiny disk")
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow a tiny disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
