"""How a spoken conversation ends when its engine is given up: a stand-in fails, for no real engine
does it when asked to. Voice, files and the ear are real."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.stt.tape import Tape
from voiceskill import talking
from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.data_files import data_file
from voiceskill.errors import ModelError
from voiceskill.happenings import Happening, WasSaid
from voiceskill.settings import Settings
from voiceskill.stt.recognizer import Final


class BrokenEngine(Tape):
    """Fails at every utterance."""

    def finish(self) -> Final:
        raise RuntimeError("out of memory")


@pytest.fixture
def conversation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Happening]]:
    """Somebody speaks to it again and again; what happened until the engine was given up."""
    spoken = resample(
        read_wav(next(data_file("prompts/en/demo").glob("*_heat_or_ice.ogg"))), SAMPLE_RATE
    )
    turn = np.pad(spoken.samples, (SAMPLE_RATE // 2, 2 * SAMPLE_RATE))
    write_wav(tmp_path / "given.wav", Sound(np.tile(turn, 12), SAMPLE_RATE))
    monkeypatch.setattr(talking, "open_recognizer", lambda settings: BrokenEngine())

    def converse() -> list[Happening]:
        happened: list[Happening] = []
        with pytest.raises(ModelError, match="5 times in a row"):
            talking.talk(
                Settings(), happened.append, tmp_path / "given.wav", tmp_path / "answer.wav"
            )
        return happened

    return converse


def test_an_assistant_that_can_hear_no_more_says_so_before_it_ends(
    conversation: Callable[[], list[Happening]], monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[Sound] = []
    monkeypatch.setattr(FileLoudspeaker, "play", lambda loudspeaker, sound: played.append(sound))

    last = conversation()[-1]

    assert isinstance(last, WasSaid)
    assert last.prompt == "hearing_gone"
    assert "call for help yourself" in last.text
    assert played[-1].seconds > 3.0


def test_a_loudspeaker_that_is_broken_too_does_not_hide_why_it_ends(
    conversation: Callable[[], list[Happening]], monkeypatch: pytest.MonkeyPatch
) -> None:
    say_last = talking._say_last

    def say_last_to_nobody(*arguments: object) -> None:
        monkeypatch.setattr(FileLoudspeaker, "play", None)
        say_last(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(talking, "_say_last", say_last_to_nobody)

    assert isinstance(conversation()[-1], WasSaid)
