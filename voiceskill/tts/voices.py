"""The only place that knows which voices there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, overload

from voiceskill.errors import VoiceError
from voiceskill.tts.cache import CachedVoice
from voiceskill.tts.shared_voice import SharedVoice
from voiceskill.tts.voice import Voice

Tell = Callable[[str], None]


@overload
def open_voice(
    name: str | None, cache: Literal[True], folder: Path | None = None, tell: Tell | None = None
) -> CachedVoice: ...


@overload
def open_voice(
    name: str | None, cache: bool, folder: Path | None = None, tell: Tell | None = None
) -> Voice: ...


def open_voice(
    name: str | None, cache: bool, folder: Path | None = None, tell: Tell | None = None
) -> Voice:
    """A voice that is ready to speak, in any thread; the caller closes it.

    ``name`` as in ``Pyttsx3Voice``, None for the engine's default. With ``cache``, renderings
    are kept in ``folder`` (None: the user's cache folder). ``tell`` gets, in the thread that
    renders, when the voice failed and was started anew (None: the log does). Raises BadInputError
    when there is no such voice, VoiceError when it cannot be started.
    """
    try:
        # Part of the extra "voice", which a text chat does without.
        from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice
    except (ImportError, OSError) as fault:
        raise VoiceError(
            f"The voice is not installed ({fault}). Type: pip install 'voiceskill[voice]'"
        ) from None
    own = Pyttsx3Voice(name, tell) if tell else Pyttsx3Voice(name)
    own.start()
    voice = SharedVoice(own)
    return CachedVoice(voice, folder) if cache else voice
