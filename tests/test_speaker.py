"""The voice in a room."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.room import Room
from voiceskill.speaker import SPEECH_MARGIN_S, Speaker
from voiceskill.tts.voices import open_voice


class PatientLoudspeaker(FileLoudspeaker):
    """Stands in for a real one, to see how long it would be waited for."""

    waited_s = 0.0

    def wait(self, timeout_s: float) -> bool:
        self.waited_s = timeout_s
        return super().wait(timeout_s)


def test_a_sentence_longer_than_the_margin_is_waited_for_to_its_end(tmp_path: Path) -> None:
    """With a file for the microphone the next one was begun after five seconds."""
    loudspeaker = PatientLoudspeaker(tmp_path / "said.wav", SAMPLE_RATE)
    quiet = Sound(np.zeros(SAMPLE_RATE, dtype=np.int16), SAMPLE_RATE)
    voice = open_voice(None, cache=True, folder=tmp_path)
    try:
        speaker = Speaker(voice, Room(FileMicrophone(quiet), loudspeaker), 145, lambda _: None)
        speaker.finish(8.0)
    finally:
        voice.close()

    assert loudspeaker.waited_s == 8.0 + SPEECH_MARGIN_S
