"""Finds the utterances in a stream of frames: the recogniser hears from just before the onset of
speech to the silence that ends it."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

from voiceskill.audio.sound import FRAME_S, SAMPLE_RATE
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial, Recognizer
from voiceskill.stt.vad import VoiceActivity

PRE_ROLL_S = 0.3
"""Sound before the onset that is heard too: the "s" of "stop" is not yet voice."""

ONSET_WINDOW_FRAMES = 5
ONSET_SPEECH_FRAMES = 3
"""So many speech frames within the window (160 ms) are an onset: 258 of 260 recorded words have
them, and of 33 noises and silences two sneezes. A false onset only costs a recognition."""

QUIET_S = {
    Expect.COMMAND: 0.3,  # a single word, and it should act at once
    Expect.YES_NO: 0.5,  # "no ... not really" has a breath in it
    Expect.OPEN: 0.9,  # people think in the middle of a question
    Expect.WHERE: 1.2,  # they look and feel for the place while they speak
}
"""Seconds without speech that end an utterance, by what was expected."""

MAX_UTTERANCE_S = 20.0
"""An utterance is cut here, so that a television cannot keep the ear busy for ever; Whisper hears
at most 30 s, with room for the silence it needs."""


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody began to speak."""

    at: float
    """Seconds since the start of the input."""


Heard = SpeechStarted | Partial | Final


def _frames(seconds: float) -> int:
    return math.ceil(seconds / FRAME_S)


_PRE_ROLL_FRAMES = _frames(PRE_ROLL_S)
_MAX_UTTERANCE_FRAMES = _frames(MAX_UTTERANCE_S)


class Ear:
    """Frames in, what was said out. Time is counted in frames, never taken from a clock.

    What is listened for is settled when an utterance begins; a change applies to the next one.
    Speech that begins after the closing silence is an utterance of its own.
    """

    def __init__(self, recognizer: Recognizer, vad: VoiceActivity) -> None:
        self._recognizer = recognizer
        self._vad = vad
        self._kind = Expect.OPEN
        self._samples = 0
        self._recent: deque[tuple[bytes, bool]] = deque(
            maxlen=_PRE_ROLL_FRAMES + ONSET_WINDOW_FRAMES
        )
        self._speaking = False
        self._onset = 0.0
        self._last_speech = 0.0
        self._heard_frames = 0
        self._quiet_frames = 0
        self._quiet_limit_frames = 0

    @property
    def speaking(self) -> bool:
        """True between the onset and the end of an utterance."""
        return self._speaking

    @property
    def now(self) -> float:
        """Seconds of input so far, skipped ones included."""
        return self._samples / SAMPLE_RATE

    def listen_for(self, expectation: Expectation) -> None:
        """Expect this from the next utterance on."""
        self._kind = expectation.kind
        self._recognizer.expect(expectation)

    def feed(self, frame: bytes) -> list[Heard]:
        """Hear one frame (512 samples, int16 mono at 16 kHz); answer with what it brought.

        A Final whose text is empty means that a voice was heard, but no words.
        """
        is_speech = self._vad.speech(frame)
        self._samples += len(frame) // 2
        self._recent.append((frame, is_speech))
        if self._speaking:
            return self._go_on(frame, is_speech)
        in_window = [speech for _, speech in self._recent][-ONSET_WINDOW_FRAMES:]
        if sum(in_window) < ONSET_SPEECH_FRAMES:
            return []
        return self._start()

    def flush(self) -> Final | None:
        """The input has ended: finish the running utterance, if there is one."""
        if not self._speaking:
            return None
        final = self._finish()
        self.reset()
        return final

    def skip(self, seconds: float) -> None:
        """Move the clock over sound that was not fed.

        An utterance cannot run across the gap: what was heard before it is dropped.
        """
        self.reset()
        self._samples += round(seconds * SAMPLE_RATE)

    def reset(self) -> None:
        """Drop what was heard so far; the clock goes on."""
        self._speaking = False
        self._recent.clear()
        self._vad.reset()

    def _start(self) -> list[Heard]:
        frames = list(self._recent)
        window = len(frames) - min(ONSET_WINDOW_FRAMES, len(frames))
        first = next(i for i in range(window, len(frames)) if frames[i][1])
        from_frame = max(0, first - _PRE_ROLL_FRAMES)
        self._speaking = True
        self._onset = self.now - (len(frames) - first) * FRAME_S
        self._heard_frames = 0
        self._quiet_frames = 0
        self._quiet_limit_frames = _frames(QUIET_S[self._kind])
        self._recognizer.begin(self.now - (len(frames) - from_frame) * FRAME_S)
        events: list[Heard] = [SpeechStarted(self._onset)]
        for frame, is_speech in frames[from_frame:]:
            events += self._hear(frame, is_speech)
        return events

    def _go_on(self, frame: bytes, is_speech: bool) -> list[Heard]:
        events = self._hear(frame, is_speech)
        if self._quiet_frames >= self._quiet_limit_frames:
            return [*events, self._finish()]
        if self._heard_frames >= _MAX_UTTERANCE_FRAMES:
            # What has been recognised must not be heard again as the pre-roll of what follows.
            self._recent.clear()
            return [*events, self._finish()]
        return events

    def _hear(self, frame: bytes, is_speech: bool) -> list[Heard]:
        self._heard_frames += 1
        self._quiet_frames = 0 if is_speech else self._quiet_frames + 1
        if is_speech:
            self._last_speech = self.now
        partial = self._recognizer.feed(frame)
        return [] if partial is None else [partial]

    def _finish(self) -> Final:
        """The recogniser's result, with the times at which the voice was heard."""
        self._speaking = False
        final = self._recognizer.finish()
        starts = [self._onset, *(word.start for word in final.words)]
        ends = [self._last_speech, *(word.end for word in final.words)]
        return replace(final, start=min(starts), end=max(ends))
