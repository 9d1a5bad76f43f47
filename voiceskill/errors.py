"""Faults that a person can mend, each told in one line: what, where, what to do."""

from __future__ import annotations


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
