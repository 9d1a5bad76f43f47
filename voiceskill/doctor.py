"""Examines what works on this machine, and says what to do about what does not.

What an extra brings is imported in the check that needs it: the doctor itself runs without any.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import fuzz
from rich.console import Console
from rich.text import Text

from voiceskill import __version__
from voiceskill.audio.sound import FRAME_BYTES, SAMPLE_RATE, Sound
from voiceskill.content.loader import default_content
from voiceskill.content.unfinished import default_unfinished
from voiceskill.content.waking import default_waking
from voiceskill.errors import VoiceSkillError, missing_package
from voiceskill.nlu.normalise import normalise
from voiceskill.settings import Settings
from voiceskill.skill import open_recognizer, open_voice
from voiceskill.stt.recognizer import UNKNOWN, Final, Recognizer
from voiceskill.tts.voice import Voice
from voiceskill.understanding import load_nlu

QUIET_DBFS = -70.0
"""A microphone below this while nobody speaks may be a silent loopback or muted."""

LEVEL_S = 1.0
"""How long the microphone's level is measured."""

HEARD_RIGHT = 80.0
"""Likeness in percent from which the round trip counts as heard right."""

HEARD_AT_ALL = 40.0
"""Below this likeness the engine hears another language."""


class Verdict(str, Enum):
    """What a check found."""

    OK = "ok"
    NOTE = "note"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    verdict: Verdict
    what: str
    detail: str
    mend: str = ""


STYLES = {Verdict.OK: "green", Verdict.NOTE: "yellow", Verdict.FAIL: "bold red"}


def examine(settings: Settings, console: Console) -> bool:
    """Print one line a check; True when the main job can run on this machine."""
    sound = True
    for finding in _examination(settings):
        sound = sound and finding.verdict is not Verdict.FAIL
        line = Text.assemble((f"{finding.verdict.value:5}", STYLES[finding.verdict]), " ")
        line.append(f"{finding.what:12}", "bold").append(f" {finding.detail}")
        if finding.mend:
            line.append(f"\n{'':18} → {finding.mend}")
        console.print(line, soft_wrap=True)
    return sound


def _examination(settings: Settings) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding(Verdict.OK, "python", f"{version}, voiceskill {__version__}")
    yield from _guard("prompts", lambda: _prompts(settings))
    yield from _guard("region", lambda: _region(settings))
    yield from _guard("models", _models)
    yield from _guard("engine", lambda: _engine(settings))
    yield from _guard("voice", lambda: _voice(settings))
    yield from _guard("round trip", lambda: _round_trip(settings))
    yield from _guard("devices", _devices, Verdict.NOTE)
    yield from _guard("microphone", lambda: _level(settings), Verdict.NOTE)
    yield from _guard("interruption", _interruption, Verdict.NOTE)


def _guard(
    what: str, check: Callable[[], Iterator[Finding]], otherwise: Verdict = Verdict.FAIL
) -> Iterator[Finding]:
    """The findings of a check; a fault in it is a finding too."""
    try:
        yield from check()
    except VoiceSkillError as fault:
        yield Finding(otherwise, what, str(fault))
    except ModuleNotFoundError as fault:
        yield Finding(otherwise, what, missing_package(fault))


def _prompts(settings: Settings) -> Iterator[Finding]:
    content = default_content(settings.language)
    load_nlu(settings.language)
    default_unfinished(settings.language)
    default_waking(settings.language)
    detail = f"{len(content.answers)} answers, {len(content.stretches)} stretches"
    yield Finding(Verdict.OK, "prompts", f"{detail}, {len(content.questions)} questions")


def _region(settings: Settings) -> Iterator[Finding]:
    regions = default_content(settings.language).regions
    if settings.region in regions:
        region = regions[settings.region]
        yield Finding(Verdict.OK, "region", f"{region.name}: {region.number}")
        return
    mend = f"set VOICESKILL_REGION to one of {', '.join(sorted(regions))}"
    detail = "not set: it will say 'your emergency number'"
    if settings.region:
        detail = f"'{settings.region}' is not known"
    yield Finding(Verdict.FAIL if settings.region else Verdict.NOTE, "region", detail, mend)


def _models() -> Iterator[Finding]:
    from voiceskill.stt import models

    for line in models.verify(None):
        yield Finding(Verdict.OK, "model", line)


def _engine(settings: Settings) -> Iterator[Finding]:
    recognizer = open_recognizer(settings)
    try:
        yield Finding(Verdict.OK, "engine", recognizer.name)
        yield from _vocabulary(settings, recognizer)
    finally:
        recognizer.close()


def _vocabulary(settings: Settings, recognizer: Recognizer) -> Iterator[Finding]:
    if recognizer.missing_words([UNKNOWN]):
        detail = f"has no {UNKNOWN}: what is none of the expected phrases may be taken for one"
        yield Finding(Verdict.NOTE, "model", detail, "use a model that has it, or whisper")
    content = default_content(settings.language)
    listened_for = [group for name, group in content.phrases.items() if name.startswith("listen_")]
    phrases = sorted({phrase for group in listened_for for phrase in group})
    missing = recognizer.missing_words(phrases)
    if not missing:
        yield Finding(Verdict.OK, "vocabulary", f"knows the words of all {len(phrases)} phrases")
        return
    words = {word for phrase in phrases for word in phrase.split()}
    verdict = Verdict.FAIL if len(missing) > len(words) / 2 else Verdict.NOTE
    detail = f"it can never hear: {', '.join(missing)}"
    yield Finding(verdict, "vocabulary", detail, "use a model of this language, or whisper")


def _voice(settings: Settings) -> Iterator[Finding]:
    voice = open_voice(settings)
    try:
        yield Finding(Verdict.OK, "voice", f"{voice.name}, {settings.rate} words a minute")
    finally:
        voice.close()


def _round_trip(settings: Settings) -> Iterator[Finding]:
    sentence = default_content(settings.language).stretches[0].steps[0].sentences[0]
    with ExitStack() as opened:
        recognizer = open_recognizer(settings)
        opened.callback(recognizer.close)
        voice = open_voice(settings)
        opened.callback(voice.close)
        heard = _said_and_heard(sentence, voice, settings.rate, recognizer)
    likeness = fuzz.ratio(normalise(heard), normalise(sentence))
    if likeness >= HEARD_RIGHT:
        yield Finding(Verdict.OK, "round trip", f"said and heard: {heard}")
        return
    verdict = Verdict.NOTE if likeness >= HEARD_AT_ALL else Verdict.FAIL
    detail = f"said '{sentence}' and heard '{heard}'"
    yield Finding(verdict, "round trip", detail, "try another --voice or --engine")


def _said_and_heard(sentence: str, voice: Voice, rate_wpm: int, recognizer: Recognizer) -> str:
    from voiceskill.stt.ear import Ear
    from voiceskill.stt.vad import VoiceActivity

    ear = Ear(recognizer, VoiceActivity())
    finals = []
    for frame in _frames(voice.render(sentence, rate_wpm)):
        finals += [result for result in ear.feed(frame) if isinstance(result, Final)]
    last = ear.flush()
    return " ".join(final.text for final in [*finals, *([last] if last else [])] if final.text)


def _frames(sound: Sound) -> Iterator[bytes]:
    """The sound in frames, with some quiet around it."""
    from voiceskill.audio.wav import resample

    data = resample(sound, SAMPLE_RATE).samples.tobytes()
    data = b"\0" * (5 * FRAME_BYTES) + data + b"\0" * (40 * FRAME_BYTES)
    for start in range(0, len(data), FRAME_BYTES):
        yield data[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")


def _devices() -> Iterator[Finding]:
    from voiceskill.audio import devices

    mend = "plug in a microphone and a loudspeaker or a headset; files work without them"
    found = devices.list_devices()
    if not found:
        yield Finding(Verdict.NOTE, "devices", "no sound card", mend)
        return
    yield Finding(Verdict.OK, "devices", f"{len(found)} found; see: voiceskill devices")
    if not devices.has_loudspeaker():
        yield Finding(Verdict.NOTE, "loudspeaker", "none", mend)
    if not devices.has_microphone():
        yield Finding(Verdict.NOTE, "microphone", "none", mend)


def _level(settings: Settings) -> Iterator[Finding]:
    from voiceskill.audio import devices

    if not devices.has_microphone():
        return
    level = devices.measure_level(LEVEL_S, settings.microphone)
    if level < QUIET_DBFS:
        detail = f"{level:.0f} dBFS: as good as silent"
        yield Finding(Verdict.NOTE, "microphone", detail, "unmute it or choose another device")
        return
    yield Finding(Verdict.OK, "microphone", f"level {level:.0f} dBFS")


def _interruption() -> Iterator[Finding]:
    from voiceskill.audio import echo

    fault = echo.fault()
    if fault is None:
        detail = "it listens while it speaks (full duplex)"
        yield Finding(Verdict.OK, "interruption", detail)
        return
    detail = "it does not listen while it speaks (half duplex)"
    yield Finding(Verdict.NOTE, "interruption", detail, str(fault))
