"""What is left, and what goes on, when the child or its parent is killed, stopped or starved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import psutil
import pytest
import soundfile

from tests.tts.renderers import renderers
from voiceskill.errors import VoiceError
from voiceskill.tts import pyttsx3_voice
from voiceskill.tts.pyttsx3_voice import RENDER_LIMIT_S, Pyttsx3Voice

SENTENCE = "Put your left foot flat on the floor and lean slowly forward."
LONG = "Hold it there, 跟我说, and breathe out slowly. " * 22
WPM = 160
GONE_S = 10.0


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where temporary folders are made: what is left over is seen there."""
    folder = tmp_path / "room"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def voice(room: Path) -> Iterator[Pyttsx3Voice]:
    fresh = Pyttsx3Voice()
    yield fresh
    fresh.close()


def wait_until_empty(folder: Path) -> bool:
    deadline = time.monotonic() + GONE_S
    while any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(folder.iterdir())


def test_nothing_is_left_after_close(voice: Pyttsx3Voice, room: Path) -> None:
    voice.render(SENTENCE, WPM)
    assert len(renderers()) == 1
    assert len(list(room.iterdir())) == 1
    voice.close()
    voice.close()
    assert renderers() == []
    assert not any(room.iterdir())


def test_no_sound_is_left_lying_about_between_sentences(voice: Pyttsx3Voice, room: Path) -> None:
    voice.render(SENTENCE, WPM)
    assert [path for path in room.rglob("*") if path.is_file()] == []


def test_a_child_killed_between_two_sentences_is_replaced(voice: Pyttsx3Voice) -> None:
    voice.start()
    first = renderers()[0]
    first.kill()
    assert voice.render(SENTENCE, WPM).seconds > 2
    assert renderers() != [first]


def test_a_child_killed_in_the_middle_of_a_sentence_is_replaced(voice: Pyttsx3Voice) -> None:
    voice.start()
    first = renderers()[0]
    killer = threading.Timer(0.12, first.kill)
    killer.start()
    sound = voice.render(LONG, WPM)
    killer.join()
    assert sound.seconds > 60
    assert renderers() != [first]


def test_a_hung_child_is_replaced_within_its_time_limit(voice: Pyttsx3Voice, room: Path) -> None:
    voice.start()
    first = renderers()[0]
    first.suspend()
    begun = time.monotonic()
    assert voice.render(SENTENCE, WPM).seconds > 2
    assert time.monotonic() - begun < RENDER_LIMIT_S + 10
    assert len(renderers()) == 1
    assert len(list(room.iterdir())) == 1


def test_a_hung_child_does_not_hold_up_close(voice: Pyttsx3Voice, room: Path) -> None:
    voice.start()
    renderers()[0].suspend()
    voice.close()
    assert renderers() == []
    assert not any(room.iterdir())


def test_a_child_that_cannot_be_killed_does_not_hold_up_close_either(
    voice: Pyttsx3Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that waits for a dead disk is like that; here none ever ends within its limit."""

    def never_ends(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        assert timeout is not None
        raise subprocess.TimeoutExpired(process.args, timeout)

    voice.start()
    (child,) = renderers()
    with monkeypatch.context() as patched:
        patched.setattr(subprocess.Popen, "wait", never_ends)
        voice.close()
    child.wait(10)


def test_a_voice_that_failed_does_not_tell_what_it_should_have_said(
    voice: Pyttsx3Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults are written to the journal of a service, words are not."""
    monkeypatch.setattr(pyttsx3_voice, "RENDER_LIMIT_S", 0.0)
    monkeypatch.setattr(pyttsx3_voice, "RENDER_LIMIT_S_PER_CHAR", 0.0)
    with pytest.raises(VoiceError, match="no answer") as caught:
        voice.render(SENTENCE, WPM)
    assert "foot" not in str(caught.value)


def test_ctrl_c_does_not_reach_the_child(voice: Pyttsx3Voice) -> None:
    voice.start()
    child = renderers()[0]
    child.send_signal(signal.SIGINT)
    assert voice.render(SENTENCE, WPM).seconds > 2
    assert renderers() == [child]


def test_an_interrupted_sentence_is_not_spoken_in_place_of_the_next(voice: Pyttsx3Voice) -> None:
    voice.start()
    # A real Ctrl-C, while the parent waits for the answer.
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        voice.render(LONG, WPM)
    assert renderers() == []
    assert voice.render("Yes.", WPM).seconds < 1.5


def test_missing_espeak_data_is_one_line_and_the_parent_lives(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With its library but without its data espeak ends the process that calls it.
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(VoiceError, match="Unset ESPEAK_DATA_PATH") as caught:
        Pyttsx3Voice().render(SENTENCE, WPM)
    assert "\n" not in str(caught.value)
    assert renderers() == []
    assert not any(room.iterdir())


@pytest.mark.parametrize(
    "package",
    [
        "pyttsx3",
        pytest.param(
            "espeakng_loader",
            marks=pytest.mark.skipif(
                find_library("espeak-ng") is not None, reason="the system has an espeak-ng"
            ),
        ),
    ],
)
def test_a_missing_engine_is_one_line_with_the_mend(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    (tmp_path / f"{package}.py").write_text("raise ImportError('not installed')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(VoiceError, match=r"pip install .*pyttsx3 espeakng-loader") as caught:
        Pyttsx3Voice().start()
    assert "\n" not in str(caught.value)
    assert renderers() == []
    assert not any(room.iterdir())


def test_a_voice_that_is_lost_for_good_ends_in_one_line(
    voice: Pyttsx3Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice.render(SENTENCE, WPM)
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(tmp_path / "nowhere"))
    renderers()[0].kill()
    with pytest.raises(VoiceError):
        voice.render(SENTENCE, WPM)
    monkeypatch.delenv("ESPEAK_DATA_PATH")
    assert voice.render(SENTENCE, WPM).seconds > 2


def test_a_sentence_that_the_engine_breaks_off_is_rendered_again(tmp_path: Path) -> None:
    # pyttsx3 does this to itself, rarely: the sentence is lost without an error.
    program = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from voiceskill.tts.renderer import Renderer\n"
        "folder = Path(sys.argv[1])\n"
        "renderer = Renderer(folder)\n"
        "driver = renderer._engine.proxy._driver\n"
        "threading.Timer(0.12, setattr, (driver, '_stopping', True)).start()\n"
        f"renderer.render({LONG!r}, {WPM}, str(folder / 'sentence.wav'))\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=30)
    assert soundfile.info(tmp_path / "sentence.wav").duration > 60


def test_no_room_for_temporary_files_is_told_at_once(
    voice: Pyttsx3Voice, monkeypatch: pytest.MonkeyPatch, tiny_disk: Path
) -> None:
    # pyttsx3 itself would hang for ever.
    monkeypatch.setattr(tempfile, "tempdir", str(tiny_disk))
    begun = time.monotonic()
    with pytest.raises(VoiceError, match="No space left"):
        voice.render(SENTENCE, WPM)
    assert time.monotonic() - begun < RENDER_LIMIT_S + 10


def test_no_temporary_folder_at_all_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(VoiceError, match="cannot be started"):
        Pyttsx3Voice().start()


def test_the_files_of_the_working_folder_are_not_imported(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wave.py").write_text("raise SystemExit('the wrong wave')")
    monkeypatch.chdir(tmp_path)
    other = Pyttsx3Voice()
    try:
        assert other.render(SENTENCE, WPM).seconds > 2
    finally:
        other.close()


def parent_program(room: Path, ending: str) -> subprocess.Popen[str]:
    """A program that has started a voice, said so, and then meets its ending."""
    program = (
        "import tempfile, time\n"
        f"tempfile.tempdir = {str(room)!r}\n"
        "from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice\n"
        "voice = Pyttsx3Voice()\n"
        f"voice.render({SENTENCE!r}, {WPM})\n"
        "print('speaking', flush=True)\n"
        f"{ending}\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("ending", "number"),
    [
        ("pass", None),
        ("time.sleep(60)", signal.SIGKILL),
        ("time.sleep(60)", signal.SIGTERM),
        ("time.sleep(60)", signal.SIGINT),
        (f"voice.render({LONG!r}, {WPM}); time.sleep(60)", signal.SIGKILL),
    ],
    ids=["ends", "killed", "terminated", "ctrl-c", "killed-while-rendering"],
)
def test_child_and_folder_go_with_the_parent(
    room: Path, ending: str, number: signal.Signals | None
) -> None:
    parent = parent_program(room, ending)
    assert parent.stdout is not None
    assert parent.stderr is not None
    with parent.stdout, parent.stderr:
        assert parent.stdout.readline() == "speaking\n"
        renderers = psutil.Process(parent.pid).children() if number is not None else []
        if number is not None:
            # As Ctrl-C in a terminal: to the whole group.
            os.killpg(parent.pid, number)
        parent.wait(GONE_S)
        _, alive = psutil.wait_procs(renderers, GONE_S)
        assert alive == []
        assert wait_until_empty(room)
        assert "renderer" not in parent.stderr.read()
