"""What `make run` does: talk where there is a microphone, else show a recorded conversation."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from pydantic import Field
from rich.console import Console

from voiceskill.audio import devices
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.audio.wav import read_wav, resample, write_wav
from voiceskill.captions import Captions
from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict
from voiceskill.data_files import data_file
from voiceskill.errors import BadInputError, VoiceSkillError
from voiceskill.settings import Settings
from voiceskill.stt import models
from voiceskill.talking import talk

FETCH_TIMEOUT_S = 4.0
"""Starting must not wait for a network that is not there."""

FETCH_LIMIT_S = 20.0
"""A fast network brings the model in this time; on a slow one whisper is there meanwhile."""

GAP_S = 1.2
"""Quiet after each turn: longer than any end of speech that is waited for."""

OUTPUT = Path("out")
"""Where the sound of the recorded conversation is written, beside the caller."""


class Turn(Strict):
    """One turn of the recorded speaker."""

    say: str | None = None
    """What is said, for the captions."""
    file: str | None = None
    """The recording, beside turns.yaml."""
    silence: float = Field(default=0.0, ge=0, le=30)
    """Seconds without a word, instead of a recording."""


def run_here(settings: Settings, console: Console) -> None:
    """Talk with the person, or show the recorded conversation where there is no sound card."""
    _try_for_a_model(settings, console)
    if devices.has_microphone() and devices.has_loudspeaker():
        console.print("Speak after the greeting. Say goodbye or press Ctrl-C to end.", style="dim")
        talk(settings, Captions(console).show)
        return
    console.print("No microphone and loudspeaker here: playing a recorded conversation.\n")
    show_recorded(settings, console, OUTPUT)


def show_recorded(settings: Settings, console: Console, folder: Path) -> Path:
    """Play the recorded speaker to the assistant; where the assistant's sound was written.

    The recording goes through the same stages as a microphone, as fast as the machine can.
    """
    turns = load_yaml(data_file(f"prompts/{settings.language}/demo/turns.yaml"), list[Turn])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise BadInputError(
            f"{folder}: {fault.strerror}; start it in a folder that can be written"
        ) from None
    speaker, answer = folder / "speaker.wav", folder / "conversation.wav"
    write_wav(speaker, _recording(turns, data_file(f"prompts/{settings.language}/demo")))
    captions = Captions(console, script=tuple(turn.say or "(silence)" for turn in turns))
    began = time.monotonic()
    talk(settings, captions.show, speaker, answer)
    took_s = time.monotonic() - began
    console.print(f"\n{len(turns)} turns in {took_s:.1f} s. The speaker: {speaker}", style="dim")
    console.print(f"What the assistant said: {answer}", soft_wrap=True)
    return answer


def _recording(turns: list[Turn], folder: Path) -> Sound:
    parts = [np.zeros(int(GAP_S * SAMPLE_RATE), dtype=np.int16)]
    for turn in turns:
        if turn.file:
            parts.append(resample(read_wav(folder / turn.file), SAMPLE_RATE).samples)
        parts.append(np.zeros(int((turn.silence + GAP_S) * SAMPLE_RATE), dtype=np.int16))
    return Sound(np.concatenate(parts), SAMPLE_RATE)


def _try_for_a_model(settings: Settings, console: Console) -> None:
    """Fetch the better engine's model, once; whisper needs none and is there meanwhile."""
    if settings.engine or settings.model or models.installed():
        return
    tried = models.models_folder() / ".fetch-tried"
    if tried.exists():
        return
    try:
        tried.parent.mkdir(parents=True, exist_ok=True)
        tried.touch()
        models.fetch(None, timeout_s=FETCH_TIMEOUT_S, limit_s=FETCH_LIMIT_S)
    except (VoiceSkillError, OSError) as fault:
        console.print(f"Going on with whisper. {fault}", style="dim", soft_wrap=True)
