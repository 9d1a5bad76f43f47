"""Turn-taking on real streams of a virtual sound card: how soon the assistant falls silent,
goes on, answers, with each engine; and whether it is reached through its own echo."""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.person import ENGINES, WHISPER, Engine, speech_rms
from benchmarks.row import Row
from benchmarks.turn_rig import Rig, Tally, rig
from tests.virtual_card import unavailable
from voiceskill.settings import load_settings
from voiceskill.tts.voices import open_voice
from voiceskill.understanding import load_nlu

TURNS = int(os.environ.get("VOICESKILL_BENCH_TURNS", "5"))
"""Of each kind; a published figure takes thirty."""

TOLD_TURNS = 5
"""A published run takes half an hour: so often somebody who waits is told how far it is."""

INTO_SPEECH_S = 1.2
"""The person begins so long after the assistant did."""

SPEECH_TO_ECHO_DB = -6.0

COMMANDS = ("stop", "next", "repeat", "pause")


def measure() -> list[Row]:
    """Latencies without echo; what is acted on and false alarms with it."""
    reason = unavailable()
    if reason:
        return [Row(f"skipped: {reason}", float("nan"), "")]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for engine in ENGINES:
            rows += latencies(folder, engine)
        rows += through_echo(folder)
    return rows


def latencies(folder: Path, engine: Engine) -> list[Row]:
    """How soon it is quiet, goes on and answers, nothing of its voice in the microphone."""
    if engine.missing:
        return [Row(f"{engine.name} skipped: {engine.missing}", float("nan"), "")]
    with rig(folder, engine, engine.option) as dry:
        _ask_and_stop(dry)
        _go_on(dry)
    times = dry.times
    to_silence, onward, answer = engine.bars
    return [
        # Below zero: the voice was cut before the word had ended.
        _median("end of 'stop' to silence", engine, times.silence, to_silence),
        Row(f"cut by 'stop', {engine.name}, of {times.silence.tried}", times.stops_cut, "times"),
        _median("end of 'next' to the next step", engine, times.onward, onward),
        _median("end of an open question to the answer", engine, times.answer, answer),
    ]


def through_echo(folder: Path) -> list[Row]:
    """Whether a person is heard through the assistant's own voice, and it is not."""
    with rig(folder, WHISPER, "echo", echo=True) as wet:
        _talk_over(wet)
        _talk_to_nobody(wet)
    times = wet.times
    return [
        Row(
            f"acted on over the echo at {SPEECH_TO_ECHO_DB:.0f} dB, of {times.spoken_over}",
            100 * times.acted_on / max(1, times.spoken_over),
            "%",
            "≥ 90",
        ),
        Row(
            f"interrupts itself, in {times.speaking_s / 60:.1f} min of talk to an empty room",
            times.own_cuts,
            "times",
            "0",
        ),
    ]


def _median(name: str, engine: Engine, tally: Tally, bar: str) -> Row:
    """Over those that were acted on and could be timed; of how many is part of its name."""
    value = statistics.median(tally.seconds) if tally.seconds else float("nan")
    acted_on = f"{len(tally.seconds)} of {tally.tried} acted on"
    return Row(f"{name}, {engine.name} (median; {acted_on})", value, "s", bar)


def _ask_and_stop(dry: Rig) -> None:
    """A question, its answer, and a "stop" into the answer, until there were enough of both."""
    times = dry.times
    for turn, question in enumerate(itertools.cycle(dry.engine.questions)):
        if times.silence.tried == TURNS or turn == 2 * TURNS:
            return
        if _ask(dry, question):
            _stop(dry, take=times.silence.tried)
        dry.until_quiet()
        _tell(dry, "question and stop", turn + 1)


def _ask(dry: Rig, question: str) -> bool:
    """Whether a question was understood, so that the answer is being spoken."""
    tally = dry.times.answer
    dry.drain()
    tally.tried += 1
    asked = dry.say(question)
    acted = dry.understood(_intent(question))
    began = acted and dry.first_sound(acted)
    if began is None:
        return False
    tally.seconds.append(began - asked)
    return True


def _stop(dry: Rig, take: int) -> None:
    """Say "stop" into what is being said."""
    times = dry.times
    time.sleep(INTO_SPEECH_S)
    dry.drain()
    seen = len(dry.live.seen)
    times.silence.tried += 1
    spoke = time.monotonic()
    stopped = dry.say("stop", take=take)
    acted = dry.understood("stop")
    times.stops_cut += any(event["event"] == "cut" for event in dry.live.seen[seen:])
    if acted is None:
        return
    # What sounds later is the reply. Where nothing sounded there was nothing to stop.
    silent = dry.loudspeaker.last_sound(spoke, acted)
    if silent is not None:
        times.silence.seconds.append(silent - stopped)


def _go_on(dry: Rig) -> None:
    """Stretches, step by step."""
    tally = dry.times.onward
    while tally.tried < TURNS:
        if not dry.into_a_stretch():
            print(f"{dry.engine.name}: no stretch could be begun", file=sys.stderr, flush=True)
            return
        tally.tried += 1
        asked = dry.say("next", take=tally.tried)
        acted = dry.understood("next")
        began = acted and dry.first_sound(acted)
        if began is not None:
            tally.seconds.append(began - asked)
        dry.until_quiet(0.6)
        _tell(dry, "next", tally.tried)


def _intent(text: str) -> str:
    intent = load_nlu("en").understand(text).intent
    return str(intent.value)


def _tell(dry: Rig, what: str, done: int) -> None:
    if done % TOLD_TURNS == 0:
        print(f"{dry.engine.name}: {what}, {done} of {TURNS}", file=sys.stderr, flush=True)


def _talk_over(wet: Rig) -> None:
    """Commands into the answers, quieter than their echo."""
    loud = _own_rms() * 10 ** (SPEECH_TO_ECHO_DB / 20)
    questions = itertools.cycle(wet.engine.questions)
    for turn, word, question in zip(
        range(TURNS), itertools.cycle(COMMANDS), questions, strict=False
    ):
        asked = wet.say(question)
        if wet.first_sound(asked) is None:
            wet.until_quiet()
            continue
        time.sleep(INTO_SPEECH_S)
        wet.drain()
        wet.times.spoken_over += 1
        wet.say(word, loud, turn)
        wet.times.acted_on += wet.understood(word) is not None
        wet.until_quiet()
        if word == "pause":
            wet.say("carry on")
            wet.until_quiet()
        _tell(wet, "through the echo", turn + 1)


def _talk_to_nobody(wet: Rig) -> None:
    """Answers that nobody speaks over."""
    questions = itertools.cycle(wet.engine.questions)
    for turn, question in zip(range(TURNS), questions, strict=False):
        wet.drain()
        began = time.monotonic()
        wet.say(question)
        wet.drain()
        wet.until_quiet()
        wet.times.own_cuts += wet.drain().count("cut")
        wet.times.speaking_s += time.monotonic() - began
        _tell(wet, "to nobody", turn + 1)


def _own_rms() -> float:
    settings = load_settings()
    voice = open_voice(settings.voice, cache=True)
    try:
        sound = voice.render("Pull your toes toward your shin, and hold it there.", settings.rate)
        return speech_rms(sound.samples.astype(np.float64))
    finally:
        voice.close()
