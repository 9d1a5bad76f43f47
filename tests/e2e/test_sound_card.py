"""The whole assistant on a real PortAudio stream: spoken to through a microphone, recorded from a
loudspeaker."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.command import COMMAND, objects, one_clear_line, voiceskill
from tests.virtual_card import VirtualCard, running_card
from voiceskill.audio.sound import SAMPLE_RATE
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.data_files import data_file

LIMIT_S = 60.0
"""Longest wait for one event of a live conversation."""


@pytest.fixture(scope="module")
def card() -> Iterator[VirtualCard]:
    yield from running_card()


class Live:
    """A live conversation and its events."""

    def __init__(self, card: VirtualCard, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "talk", "--json", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=card.env,
        )
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.seen: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._events.put(json.loads(line))
        self._events.put(None)

    def until(self, kind: str) -> dict[str, Any]:
        """The next event of this kind."""
        end = time.monotonic() + LIMIT_S
        while (left := end - time.monotonic()) > 0:
            event = self._events.get(timeout=left)
            if event is None:
                break
            self.seen.append(event)
            if event["event"] == kind:
                return event
        raise AssertionError(f"no {kind} came: {self.seen[-5:]} {self.errors()}")

    def errors(self) -> str:
        """Standard error, once the process has ended."""
        if self.process.poll() is None or self.process.stderr is None:
            return ""
        return self.process.stderr.read()

    def close(self) -> None:
        """End the process, whatever it does."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


def _spoken(folder: Path, name: str) -> Path:
    """A recorded turn as a WAV file for the virtual microphone."""
    sound = read_wav(next(data_file("prompts/en/demo").glob(f"*_{name}.ogg")))
    path = folder / f"{name}.wav"
    write_wav(path, resample(sound, SAMPLE_RATE))
    return path


def _wait_for_the_end_of_speech(card: VirtualCard, live: Live) -> None:
    """The assistant listens again when no sentence has begun for longer than any lasts."""
    while True:
        try:
            event = live._events.get(timeout=6.0)
        except queue.Empty:
            return
        assert event is not None, live.errors()
        live.seen.append(event)
        if event["event"] == "silence":
            return


@pytest.mark.sound
@pytest.mark.xdist_group("sound-card")
def test_a_person_is_heard_and_answered_through_the_sound_card(
    card: VirtualCard, tmp_path: Path
) -> None:
    recording = tmp_path / "loudspeaker.wav"
    live = Live(card, "--region", "GB")
    try:
        with card.record(recording):
            live.until("said")
            _wait_for_the_end_of_speech(card, live)
            card.say(_spoken(tmp_path, "chest"))
            understood = live.until("understood")
            urgency = live.until("urgency")
            _wait_for_the_end_of_speech(card, live)
            card.say(_spoken(tmp_path, "goodbye"))
            assert live.process.wait(LIMIT_S) == 0, live.errors()
    finally:
        live.close()
    heard = " ".join(u["text"] for u in objects(voiceskill("hear", recording, "--json").stdout))

    assert set(understood["symptoms"]) == {"chest_pain", "breathing_trouble"}
    assert urgency["urgency"] == "emergency"
    assert soundfile.info(recording).duration > 10
    assert any("nine nine nine" in e["text"] for e in live.seen if e["event"] == "said")
    assert "chest" in heard
    assert "heart" in heard


@pytest.mark.sound
@pytest.mark.xdist_group("sound-card")
def test_a_sound_server_that_dies_is_one_clear_line(tmp_path: Path) -> None:
    for own_card in running_card():
        live = Live(own_card)
        try:
            live.until("said")
            own_card.kill_server()
            assert live.process.wait(LIMIT_S) == 1
            # PortAudio's own thread adds lines about its failed calls; ours is the last.
            *_, ours = live.errors().splitlines()
            assert ours.startswith("voiceskill: ")
        finally:
            live.close()


def test_without_a_sound_card_there_is_one_clear_line() -> None:
    if list(Path("/proc/asound").glob("card*/pcm*")):
        pytest.skip("this machine has a real sound card")

    done = voiceskill("talk", env={"PULSE_SERVER": "unix:/nowhere"})

    assert done.returncode == 1
    assert "voiceskill" in one_clear_line(done)
