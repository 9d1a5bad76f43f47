"""Finds the utterances in a stream of frames: the recogniser hears from just before the onset of
speech to the silence that ends it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
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

LOOK_AHEAD = 2 / 3
"""So much of that quiet has to pass before the recogniser is asked what was said: its answer is
there when the quiet is over."""

EARLY_QUIET_S = 0.16
"""After so much quiet a command is taken. Of 180 recorded words 13 have a gap as long before a last
consonant or a breath, yet no "stop" of 20 is lost by it, and of 70 others none becomes one."""

EARLY_SPEECH_S = 1.5
"""Commands are short; a look at every breath of a long sentence would only cost."""

UNFINISHED_QUIET_S = 1.8
"""Quiet that ends an utterance which cannot end like this ("and my"): a gasp of pain takes a second
and a half."""

NO_SPEECH_S = 1.5
"""How long an utterance that was begun from outside waits for its first speech."""

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
_EARLY_QUIET_FRAMES = _frames(EARLY_QUIET_S)
_MAX_UTTERANCE_FRAMES = _frames(MAX_UTTERANCE_S)


class Ear:
    """Frames in, what was said out. Time is counted in frames, never taken from a clock.

    What is listened for is settled when an utterance begins; a change applies to the next one.
    Speech that begins after the closing silence is an utterance of its own.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        vad: VoiceActivity,
        unfinished: Callable[[str], bool] | None = None,
    ) -> None:
        """``unfinished`` tells of a text whether the speaker must be about to go on."""
        self._recognizer = recognizer
        self._vad = vad
        self._unfinished = unfinished
        self._expectation = Expectation(Expect.OPEN)
        self._samples = 0
        self._recent: deque[tuple[bytes, bool]] = deque(
            maxlen=_PRE_ROLL_FRAMES + ONSET_WINDOW_FRAMES
        )
        self._speaking = False
        self._expected = self._expectation
        self._onset = 0.0
        self._last_speech: float | None = None
        self._heard_frames = 0
        self._quiet_frames = 0
        self._quiet_limit_frames = 0
        self._peeked: Final | None = None
        self._held: list[bytes] = []

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
        self._expectation = expectation
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

    def start_now(self, frames: list[bytes]) -> list[Heard]:
        """Begin an utterance with these frames, the last that were skipped, without an onset.

        It ends like any other; without speech in them or soon after, with an empty Final.
        """
        self.reset()
        heard = [(frame, self._vad.speech(frame)) for frame in frames]
        self._recent.extend(heard)
        first = next((i for i, (_, is_speech) in enumerate(heard) if is_speech), 0)
        events = self._begin(heard, first)
        if self._last_speech is None:
            self._quiet_frames = 0
        return [*events, self._finish()] if self._is_over() else events

    def precede(self, frames: Iterable[bytes]) -> None:
        """These were skipped last: a word that goes on after them may have begun in them."""
        self._recent.extend((frame, False) for frame in frames)

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
        return self._begin(frames[from_frame:], first - from_frame)

    def _begin(self, frames: list[tuple[bytes, bool]], first: int) -> list[Heard]:
        """Begin an utterance with these frames, the last of them now, the onset in ``first``."""
        begun = self.now - len(frames) * FRAME_S
        self._speaking = True
        self._expected = self._expectation
        self._onset = begun + first * FRAME_S
        self._last_speech = None
        self._heard_frames = 0
        self._quiet_frames = 0
        self._quiet_limit_frames = _frames(NO_SPEECH_S)
        self._peeked = None
        self._held.clear()
        self._recognizer.begin(begun)
        events: list[Heard] = [SpeechStarted(self._onset)]
        for i, (frame, is_speech) in enumerate(frames):
            events += self._hear(frame, is_speech, begun + (i + 1) * FRAME_S)
        return events

    def _go_on(self, frame: bytes, is_speech: bool) -> list[Heard]:
        events = self._hear(frame, is_speech, self.now)
        over = self._heard_frames >= _MAX_UTTERANCE_FRAMES or self._is_over()
        return [*events, self._finish()] if over else events

    def _hear(self, frame: bytes, is_speech: bool, ends_at: float) -> list[Heard]:
        """Count one frame, and pass it to the recogniser unless that could change nothing: quiet
        after what it was asked for already is held back until speech follows."""
        self._heard_frames += 1
        self._held.append(frame)
        if is_speech:
            self._last_speech = ends_at
            self._quiet_frames = 0
            self._quiet_limit_frames = _frames(QUIET_S[self._expected.kind])
            self._peeked = None
        else:
            self._quiet_frames += 1
        if self._peeked is not None:
            return []
        partials = [self._recognizer.feed(held) for held in self._held]
        self._held.clear()
        return [partial for partial in partials if partial is not None]

    def _is_over(self) -> bool:
        """Whether the utterance has ended: by the quiet, or by a command that needs none."""
        if self._quiet_frames >= self._quiet_limit_frames:
            return True
        if self._last_speech is None or self._peeked is not None or self._is_too_short():
            return False
        is_short = self._last_speech - self._onset <= EARLY_SPEECH_S
        may_be_command = bool(self._expected.early) and is_short
        look_frames = math.floor(self._quiet_limit_frames * LOOK_AHEAD)
        if may_be_command:
            look_frames = min(look_frames, _EARLY_QUIET_FRAMES)
        if self._quiet_frames < look_frames:
            return False
        self._peeked = self._recognizer.peek()
        if self._peeked is None:
            return False
        if self._unfinished and self._unfinished(self._peeked.text):
            self._quiet_limit_frames = _frames(UNFINISHED_QUIET_S)
        return may_be_command and self._peeked.text in self._expected.early

    def _is_too_short(self) -> bool:
        """Whether less was spoken than is listened for."""
        spoken_s = (self._last_speech or self._onset) - self._onset
        return spoken_s < self._expected.shortest_s

    def _finish(self) -> Final:
        """The recogniser's result, with the times at which the voice was heard."""
        self._speaking = False
        # What has been recognised must not be heard again as the pre-roll of what follows.
        while len(self._recent) > self._quiet_frames:
            self._recent.popleft()
        if self._last_speech is None:
            return Final("", 0.0, self._onset, self._onset, rejected="no speech")
        if self._is_too_short():
            return Final("", 0.0, self._onset, self._last_speech, rejected="too short")
        final = self._recognizer.finish()
        starts = [self._onset, *(word.start for word in final.words)]
        ends = [self._last_speech, *(word.end for word in final.words)]
        return replace(final, start=min(starts), end=max(ends))
