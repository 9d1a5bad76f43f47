"""Recognition of a sound file from end to end, without any dialogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.wav import read_wav
from voiceskill.settings import Settings
from voiceskill.skill import open_recognizer, opening_expectation
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Final, Partial
from voiceskill.stt.vad import VoiceActivity


def hear_file(path: Path, settings: Settings) -> Iterator[Partial | Final]:
    """The utterances of a WAV file in order, with the words so far where the engine has them.

    Raises BadInputError for a file that is no sound, ModelError for a missing engine.
    """
    microphone = FileMicrophone(read_wav(path))
    recognizer = open_recognizer(settings)
    try:
        ear = Ear(recognizer, VoiceActivity())
        ear.listen_for(opening_expectation(settings))
        while (frame := microphone.read(0)) is not None:
            for result in ear.feed(frame):
                if isinstance(result, Partial) or (isinstance(result, Final) and result.text):
                    yield result
        final = ear.flush()
        if final and final.text:
            yield final
    finally:
        recognizer.close()
        microphone.close()
