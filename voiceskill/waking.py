"""Sleeps with one ear open: wakes by the wake phrase or by a call for help, and costs next to
nothing while nobody speaks."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from voiceskill.audio.sound import FRAME_S
from voiceskill.calls import Calls
from voiceskill.content.waking import Waking
from voiceskill.nlu.meaning import Understanding
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Expect, Expectation, Final, Recognizer
from voiceskill.stt.vad import VoiceActivity

ABOVE_FLOOR_DB = 5.0
"""So much louder than the quietest of the last seconds is worth a closer look: steady noise varies
by 1 dB, a voice is as loud as what it has to be heard over."""

FLOOR_BLOCKS = 8
FLOOR_BLOCK_FRAMES = 16
"""The floor is the quietest frame of eight half seconds: speech pauses within four seconds."""

QUIETEST_DBFS = -60.0
"""What is quieter is no speech to the detector of voices either."""

HOLD_FRAMES = 16
"""The gate stays open for half a second: it must not close between two words."""

LEAD_IN_FRAMES = 16
"""Frames heard from before the gate opened: half a second, as words begin softly."""

LONGEST_CALL_S = 7.0
"""Who calls for help pauses by then, or calls again; of longer talk no more is recognised."""

LONGEST_SKIP_S = 15.0
"""Longer talk is passed over until it pauses, at most so long: music never pauses."""

AMID_TALK_S = 2.0
"""What is said so soon after something else belongs to it: people who talk pause less."""

SHORTEST_TALK_S = 1.2
"""With the half second of quiet after it. What is shorter is no talk but a bang, or the first of
many a "help!"."""

SHORTEST_AMID_TALK_S = 0.45
"""A shorter word amid talk is not recognised, which costs 0.2 s of the processor whatever was said.
"Hey coach" and "help me" last 0.48 s at 200 words a minute, 0.64 s at 145. Out of the quiet every
word is recognised: a "help" can last 0.3 s."""

BUSY_S = 45.0
BUSY_UTTERANCES = 4
"""With so many that were no shorter in so many seconds it is a room in which people talk, or a
television: then shorter words are passed over even after a pause. Short cries alone never make it
one."""

SHORT_PHRASE_LETTERS = 6
"""A wake phrase of no more letters may be as short: then every word amid talk is recognised."""

LEAST_CONFIDENCE = 0.55
LEAST_CONFIDENCE_OF_A_CRY = 0.65
"""Of the recogniser in what wakes; the latter in two words or fewer: a "help me" was heard in a
noise with 0.61. Of 192 calls in unheard voices 14 woke with less than 0.65, and 4 of 172 other
sentences that are hard to tell from a call."""

LONGEST_CRY_WORDS = 2


@dataclass(frozen=True)
class Woken:
    """Somebody woke the assistant."""

    reason: str
    """"wake phrase", "distress", or "interruption" of what was said asleep."""
    text: str
    """What was heard."""
    wants: str
    """What has to be answered: nothing after the bare wake phrase, else what came with it, or the
    whole call for help."""


class Sleeper:
    """Frames in, a reason to wake up out. Not thread-safe."""

    def __init__(
        self,
        recognizer: Recognizer,
        waking: Waking,
        understand: Callable[[str], Understanding],
        wake_phrase: str,
    ) -> None:
        """``recognizer`` may be the one of the conversations. Raises ContentError."""
        self._calls = Calls(waking, understand, wake_phrase)
        self._out_of_quiet = Expectation(Expect.YES_NO, (wake_phrase, *waking.likely))
        self._amid_talk = self._out_of_quiet
        if len(wake_phrase.replace(" ", "")) > SHORT_PHRASE_LETTERS:
            self._amid_talk = replace(self._out_of_quiet, shortest_s=SHORTEST_AMID_TALK_S)
        self._ear = Ear(recognizer, VoiceActivity())
        self._gate = EnergyGate()
        self._lead_in: deque[bytes] = deque(maxlen=LEAD_IN_FRAMES)
        self._heard_s = 0.0
        self._quiet_s = AMID_TALK_S
        self._skipped_s: float | None = None
        self._talked_at: deque[float] = deque(maxlen=BUSY_UTTERANCES)
        """When the last utterances of talk ended, on the clock of the frames fed."""
        self._now_s = 0.0
        self._is_listening_amid_talk = False

    def reset(self) -> None:
        """Fall asleep: what was heard before does not count."""
        self._talked_at.clear()
        self._gate = EnergyGate()
        self._lead_in.clear()
        self._heard_s = 0.0
        self._quiet_s = AMID_TALK_S
        self._skipped_s = None
        self._ear.reset()
        self._listen()

    @property
    def hears_somebody(self) -> bool:
        """Whether something is being said that may be a call."""
        return self._ear.speaking

    def feed(self, frame: bytes) -> Woken | None:
        """Hear one frame (512 samples, int16 mono at 16 kHz); what woke the assistant, if
        anything did. ``reset`` comes first. Raises what the recogniser raises."""
        self._now_s += FRAME_S
        if not self._gate.open_for(frame) and not self._ear.speaking:
            self._skipped_s = None
            self._lead_in.append(frame)
            self._count_quiet()
            return None
        if self._skipped_s is not None:
            self._skipped_s += FRAME_S
            if self._skipped_s >= LONGEST_SKIP_S:
                self._skipped_s = None
            return None
        frames = [*self._lead_in, frame]
        if len(frames) > 1:
            # The ear was not fed meanwhile.
            self._ear.reset()
            self._lead_in.clear()
        for one in frames:
            woken = self._hear(one)
            if woken:
                return woken
        if not self._ear.speaking:
            self._count_quiet()
        return None

    def _hear(self, frame: bytes) -> Woken | None:
        results = self._ear.feed(frame)
        self._heard_s = self._heard_s + FRAME_S if self._ear.speaking else 0.0
        if self._heard_s > SHORTEST_TALK_S:
            began, self._quiet_s = self._quiet_s > 0.0, 0.0
            if began:
                self._listen()
        if self._heard_s > LONGEST_CALL_S:
            final = self._ear.flush()
            results = [final] if final else []
            self._heard_s = 0.0
            self._skipped_s = 0.0
        for result in results:
            if not isinstance(result, Final):
                continue
            self._note_talk(result)
            if not _is_certain(result):
                continue
            call = self._calls.judge(result.text)
            if call:
                return Woken(call.reason, result.text, call.wants)
        return None

    def _note_talk(self, final: Final) -> None:
        if final.end - final.start >= SHORTEST_AMID_TALK_S:
            self._talked_at.append(self._now_s)
            self._listen()

    def _count_quiet(self) -> None:
        self._quiet_s += FRAME_S
        if self._is_listening_amid_talk and not self._is_amid_talk:
            self._listen()

    @property
    def _is_amid_talk(self) -> bool:
        is_busy = len(self._talked_at) == BUSY_UTTERANCES
        is_busy = is_busy and self._now_s - self._talked_at[0] < BUSY_S
        return is_busy or self._quiet_s < AMID_TALK_S

    def _listen(self) -> None:
        self._is_listening_amid_talk = self._is_amid_talk
        self._ear.listen_for(
            self._amid_talk if self._is_listening_amid_talk else self._out_of_quiet
        )


def _is_certain(final: Final) -> bool:
    is_cry = len(final.text.split()) <= LONGEST_CRY_WORDS
    return final.confidence >= (LEAST_CONFIDENCE_OF_A_CRY if is_cry else LEAST_CONFIDENCE)


class EnergyGate:
    """Lets through what is louder than the room is by itself; far cheaper than asking whether it is
    a voice."""

    def __init__(self) -> None:
        self._floors: deque[float] = deque(maxlen=FLOOR_BLOCKS)
        self._frames = 0
        self._open_frames = 0

    def open_for(self, frame: bytes) -> bool:
        """Whether this frame, or one shortly before it, stood out."""
        samples = np.frombuffer(frame, np.int16).astype(np.float32)
        power = float(np.dot(samples, samples)) / len(samples) / 32768.0**2
        level = max(QUIETEST_DBFS, 10.0 * math.log10(max(power, 1e-12)))
        if self._frames % FLOOR_BLOCK_FRAMES == 0:
            self._floors.append(level)
        self._frames += 1
        self._floors[-1] = min(self._floors[-1], level)
        loud = level > min(self._floors) + ABOVE_FLOOR_DB
        self._open_frames = HOLD_FRAMES if loud else max(0, self._open_frames - 1)
        return self._open_frames > 0
