"""The voice of pyttsx3 as sound data, spoken by a child process that may hang or die."""

from __future__ import annotations

import difflib
import logging
import os
from collections.abc import Callable

import numpy as np
import soundfile
from numpy.typing import NDArray

from voiceskill.audio.sound import Sound
from voiceskill.errors import BadInputError, VoiceError
from voiceskill.tts.renderer_process import RendererError, RendererProcess

ATTEMPTS = 2
# A fresh child is up in 0.2 s and nearly always cures it; more would only prolong the silence.

RENDER_LIMIT_S = 3.0
# A sentence takes 0.01 s; a Raspberry Pi under load needs a hundred times that.

RENDER_LIMIT_S_PER_CHAR = 0.01
# A letter takes 0.0001 s, a Chinese sign 0.002 s.

MAX_TEXT_CHARS = 1_000
# A minute of speech. Much longer texts can crash espeak; this also fits into a pipe's buffer,
# so that writing the request cannot block.

MIN_RATE_WPM = 80
MAX_RATE_WPM = 450
# What espeak can speak; beyond that it clips in silence.

SILENCE_LEVEL = 33
# 60 dB below full scale: nobody hears it.

TAIL_S = 0.08
# espeak ends with 0.35 s of silence, which makes the assistant feel slow to listen.

_log = logging.getLogger(__name__)


class Pyttsx3Voice:
    """A ``Voice`` that renders with pyttsx3 in a child process. Not thread-safe."""

    def __init__(
        self, voice_id: str | None = None, tell: Callable[[str], None] = _log.warning
    ) -> None:
        """``voice_id`` is an id, name or language of ``voices()``, with espeak's ``+variant``
        if wanted (``en-us``, ``en-gb``, ``en+f3``); None is the engine's own default. ``tell``
        gets when the child failed and another takes its place.
        """
        self.name = f"pyttsx3:{voice_id or 'default'}"
        self._voice_id = voice_id
        self._tell = tell
        self._process: RendererProcess | None = None

    def start(self) -> None:
        """Start the child now rather than with the first sentence.

        Raises BadInputError when there is no such voice, VoiceError when none can be started.
        """
        self._running()

    def voices(self) -> list[str]:
        """The ids of all voices of the engine, sorted; raises like ``start``."""
        return self._running().voices

    def render(self, text: str, rate_wpm: int) -> Sound:
        """The text as sound at the engine's own sample rate, without its long silent tail.

        Raises BadInputError when there is nothing to say, too much, or the rate is out of
        range; VoiceError when the voice cannot do it within its time limit, tried twice.
        """
        # Also takes away what cannot be encoded (lone surrogates) and what would end the text.
        spoken = "".join(c if c.isprintable() else " " for c in text).strip()
        if not spoken:
            raise BadInputError("There is nothing to say: the text is empty. Give a sentence.")
        if len(spoken) > MAX_TEXT_CHARS:
            raise BadInputError(
                f"The text has {len(spoken)} characters, and the voice takes {MAX_TEXT_CHARS} "
                "at a time. Split it into sentences."
            )
        if not MIN_RATE_WPM <= rate_wpm <= MAX_RATE_WPM:
            raise BadInputError(
                f"The voice cannot speak {rate_wpm} words a minute. "
                f"Give a rate from {MIN_RATE_WPM} to {MAX_RATE_WPM}."
            )
        reason = ""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._render_once(spoken, rate_wpm)
            except RendererError as fault:
                reason = str(fault)
                if attempt < ATTEMPTS:
                    self._tell(f"The voice failed: {reason.rstrip('.')}. It is started anew.")
        # Without the words: as a service this is told in the journal.
        raise VoiceError(
            f"The voice cannot say a sentence: {reason.rstrip('.')}. "
            "Check the room left for temporary files and type: voiceskill doctor"
        )

    def close(self) -> None:
        """End the child; safe to call twice."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _render_once(self, text: str, rate_wpm: int) -> Sound:
        limit_s = RENDER_LIMIT_S + RENDER_LIMIT_S_PER_CHAR * len(text)
        try:
            path = self._running().render(text, rate_wpm, limit_s)
            samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
            path.unlink()
        except (OSError, soundfile.SoundFileError) as fault:
            self.close()
            raise RendererError(f"its sound cannot be read ({fault})") from None
        except BaseException:
            # Also on Ctrl-C: the answer that is still on its way belongs to no later sentence.
            self.close()
            raise
        return Sound(_without_tail(samples[:, 0], rate), rate)

    def _running(self) -> RendererProcess:
        if self._process is not None:
            return self._process
        try:
            process = RendererProcess(self._voice_id)
        except (RendererError, OSError) as fault:
            raise VoiceError(_cannot_start(str(fault))) from None
        if process.voice is None:
            process.close()
            raise BadInputError(_no_such_voice(str(self._voice_id), process.voices))
        self._process = process
        return process


def _without_tail(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """The samples up to ``TAIL_S`` after the last that can be heard."""
    # Compared on both sides, as abs(-32768) is negative in 16 bits.
    heard = np.flatnonzero((samples > SILENCE_LEVEL) | (samples < -SILENCE_LEVEL))
    end = int(heard[-1]) + 1 if len(heard) else 0
    kept: NDArray[np.int16] = samples[: end + round(TAIL_S * rate)].copy()
    return kept


def _cannot_start(reason: str) -> str:
    named = os.environ.get("ESPEAK_DATA_PATH")
    unset = f"Unset ESPEAK_DATA_PATH, which names {named}, or type" if named else "Type"
    return (
        f"The voice cannot be started: {reason.rstrip('.')}. "
        f"{unset}: pip install --force-reinstall pyttsx3 espeakng-loader "
        "(or: sudo apt install espeak-ng)."
    )


def _no_such_voice(wanted: str, voices: list[str]) -> str:
    near = difflib.get_close_matches(wanted.lower(), voices, n=3, cutoff=0.3)
    # The shortest are the commonest: en-us before en-gb-scotland.
    english = sorted((voice for voice in voices if voice.startswith("en")), key=len)
    some = list(dict.fromkeys([*near, *english, *voices]))[:6]
    return (
        f"There is no voice {wanted!r}. Give one of: {', '.join(some)} ({len(voices)} in all), "
        "for espeak also with a variant such as +f3."
    )
