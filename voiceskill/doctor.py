"""Examines what works on this machine, and says what to do about what does not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import fuzz
from rich.console import Console
from rich.text import Text

from voiceskill import __version__
from voiceskill.audio import devices
from voiceskill.audio.sound import FRAME_BYTES, SAMPLE_RATE, Sound
from voiceskill.audio.wav import resample
from voiceskill.content.loader import default_content
from voiceskill.errors import VoiceSkillError
from voiceskill.nlu.normalise import normalise
from voiceskill.settings import Settings
from voiceskill.skill import load_nlu, open_recognizer, open_voice, opening_expectation
from voiceskill.stt import models
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Final, Recognizer
from voiceskill.stt.vad import VoiceActivity
from voiceskill.tts.voice import Voice

UNKNOWN = "[unk]"
"""The word by which a vosk model tells that something else was said."""

QUIET_DBFS = -70.0
"""A microphone below this while nobody speaks may be a silent loopback or muted."""

LEVEL_S = 1.0
"""How long the microphone's level is measured."""

HEARD_RIGHT = 80.0
"""Likeness in percent from which the round trip counts as heard right."""


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
    recognizer: Recognizer | None = None
    voice: Voice | None = None
    try:
        recognizer = open_recognizer(settings)
        yield from _engine(settings, recognizer)
    except VoiceSkillError as fault:
        yield Finding(Verdict.FAIL, "engine", str(fault))
    try:
        voice = open_voice(settings)
        yield Finding(Verdict.OK, "voice", voice.name)
    except VoiceSkillError as fault:
        yield Finding(Verdict.FAIL, "voice", str(fault))
    try:
        if recognizer and voice:
            speaker, ear = voice, recognizer
            yield from _guard("round trip", lambda: _round_trip(settings, speaker, ear))
    finally:
        if voice:
            voice.close()
        if recognizer:
            recognizer.close()
    yield from _sound()


def _guard(what: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check; a fault in it is a finding too."""
    try:
        yield from check()
    except VoiceSkillError as fault:
        yield Finding(Verdict.FAIL, what, str(fault))


def _prompts(settings: Settings) -> Iterator[Finding]:
    content = default_content(settings.language)
    load_nlu(settings.language)
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
    for line in models.verify(None):
        yield Finding(Verdict.OK, "model", line)


def _engine(settings: Settings, recognizer: Recognizer) -> Iterator[Finding]:
    yield Finding(Verdict.OK, "engine", recognizer.name)
    if recognizer.missing_words([UNKNOWN]):
        detail = f"has no {UNKNOWN}: what is none of the expected phrases may be taken for one"
        yield Finding(Verdict.NOTE, "model", detail, "use a model that has it, or whisper")
    phrases = opening_expectation(settings).phrases
    missing = recognizer.missing_words(phrases)
    if missing:
        detail = f"it can never hear: {', '.join(missing)}"
        yield Finding(Verdict.NOTE, "vocabulary", detail, "install a larger model")
    else:
        yield Finding(Verdict.OK, "vocabulary", f"knows the words of all {len(phrases)} phrases")


def _round_trip(settings: Settings, voice: Voice, recognizer: Recognizer) -> Iterator[Finding]:
    sentence = default_content(settings.language).stretches[0].steps[0].sentences[0]
    heard = recognise(voice.render(sentence, settings.rate), Ear(recognizer, VoiceActivity()))
    if fuzz.ratio(normalise(heard), normalise(sentence)) >= HEARD_RIGHT:
        yield Finding(Verdict.OK, "round trip", f"said and heard: {heard}")
        return
    detail = f"said '{sentence}' and heard '{heard}'"
    yield Finding(Verdict.NOTE, "round trip", detail, "try another --voice or --engine")


def recognise(sound: Sound, ear: Ear) -> str:
    """All that is heard in a finished sound."""
    quiet = b"\0" * FRAME_BYTES
    data = resample(sound, SAMPLE_RATE).samples.tobytes()
    frames = [
        data[i : i + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
        for i in range(0, len(data), FRAME_BYTES)
    ]
    texts = []
    for frame in [quiet] * 5 + frames + [quiet] * 40:
        texts += [result.text for result in ear.feed(frame) if isinstance(result, Final)]
    final = ear.flush()
    if final:
        texts.append(final.text)
    return " ".join(text for text in texts if text)


def _sound() -> Iterator[Finding]:
    mend = "plug in a microphone and a loudspeaker or a headset; files work without them"
    try:
        found = devices.list_devices()
    except VoiceSkillError as fault:
        yield Finding(Verdict.NOTE, "devices", str(fault))
        return
    if not found:
        yield Finding(Verdict.NOTE, "devices", "no sound card", mend)
        return
    yield Finding(Verdict.OK, "devices", f"{len(found)} found; see: voiceskill devices")
    if not devices.has_microphone():
        yield Finding(Verdict.NOTE, "microphone", "none", mend)
        return
    try:
        level = devices.measure_level(LEVEL_S)
    except VoiceSkillError as fault:
        yield Finding(Verdict.NOTE, "microphone", str(fault), mend)
        return
    if level < QUIET_DBFS:
        detail = f"{level:.0f} dBFS: as good as silent"
        yield Finding(Verdict.NOTE, "microphone", detail, "unmute it or choose another device")
        return
    yield Finding(Verdict.OK, "microphone", f"level {level:.0f} dBFS")
