"""Who speaks when: says sentences with an ear open for who speaks over them, and hears what is said
in the quiet between.

Time is counted in sound: with a microphone the seconds that it heard, with a file the seconds heard
plus the seconds spoken, so that a file is heard as fast as the machine can and a microphone at its
own pace, through the same code.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.sound import FRAME_S
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.events import Event, Heard, Unheard
from voiceskill.errors import AudioError, BadInputError, RecognizerError, VoiceError
from voiceskill.happenings import (
    Happening,
    Hearing,
    SpeechBegan,
    Trouble,
    WasCut,
    WasHeard,
    WasIgnored,
    WasSaid,
    WasUnheard,
)
from voiceskill.room import Room
from voiceskill.speaker import Speaker
from voiceskill.stt.ear import Ear, SpeechStarted
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial

if TYPE_CHECKING:
    from voiceskill.waking import Sleeper, Woken

READ_LIMIT_S = 1.0
"""One wait for a frame; a lost device is reported by the microphone itself within this time."""

LATE_LIMIT_S = 2.0
"""So long a sentence that nothing cuts waits at its end for who is still speaking."""

MIN_UNHEARD_S = 0.5
"""Shorter sounds without words are coughs and clicks, not something to ask about."""

NEARLY_SPOKEN_S = 0.4
"""What is said so shortly before the end of a question is its answer, not an interruption."""

LEAST_SURE = 0.5
"""The recogniser's confidence in an answer that was said into the question: what was left of the
own voice was once heard as "that's correct", with 0.32."""

ECHO_TAIL_S = 0.2
"""So long after the last sample the room and the devices still bring our own voice."""

_TAIL_FRAMES = math.ceil(ECHO_TAIL_S / FRAME_S)

INTERRUPTED_LIMIT_S = 8.0
"""By then people have said what it is about; a television never pauses, and the rest of a sentence,
which may be "call 911", is waited for."""

MOST_IN_VAIN = 2
"""Cuts in a row by what was worth nothing, a moan or a television. From then on only words stop the
voice, until a sentence has passed with nobody speaking over it."""

DEAD_S = 5.0
"""Without any sound at all for so long a microphone is muted or pulled out, or it cuts noise off
and nobody speaks: it is shown once, and said where somebody is waited for in vain."""

HELD_UP_S = 3.0
"""So long nothing takes that does not tell of itself; a person should know why nothing happened."""

LOSS_EVERY_S = 60.0
"""Of sound. A machine that loses some loses more, and once a minute is enough to know."""

ENGINE_FAILED = "engine failed"
"""Why a Final is empty whose recogniser raised."""

Result = SpeechStarted | Partial | Final


class Conversation(Protocol):
    """What has to be known of a conversation to take turns in it."""

    @property
    def interruptions(self) -> tuple[str, ...]:
        """What people interrupt with, a help for the recogniser."""

    @property
    def early(self) -> tuple[str, ...]:
        """Which of that may be taken before the silence after it."""

    def interrupts(self, text: str, confidence: float, speaking: str) -> bool:
        """Whether what was heard over ``speaking``, with the recogniser's confidence (0 to 1), is
        worth stopping for."""

    def notice(self, prompt: str) -> Say:
        """What is said about the assistant itself."""


class TurnTaking:
    """Speaks and hears in a room, never losing count of time."""

    def __init__(
        self, ear: Ear, speaker: Speaker, room: Room, tell: Callable[[Happening], None]
    ) -> None:
        """``tell`` gets every happening as it happens."""
        self.room = room
        self.speaker = speaker
        self._ear = ear
        self._tell = tell
        self._conversation: Conversation | None = None
        self._spoken_s = 0.0
        self._heard_s = 0.0
        self._read_to_s = 0.0
        self._read_at: float | None = None
        """Monotonic time at which the last frame was read."""
        self._losses = 0
        self._next_loss_s = 0.0
        self._ahead: Iterator[str] = iter(())
        self._cut_in_vain = 0
        self._owned_up = False
        """Whether it was said, since somebody was last listened to, that something was missed."""
        self._dead_told = False

    @property
    def at(self) -> float:
        """Seconds since the start of the input."""
        return self._ear.now

    @property
    def now_s(self) -> float:
        """Seconds on the clock of the conversation."""
        return self.at if self._live else self._spoken_s + self._heard_s

    @property
    def hears_nothing(self) -> bool:
        """Whether the microphone brings no sound at all."""
        return self.room.microphone.dead_s >= DEAD_S

    @property
    def _live(self) -> bool:
        """A file waits until it is asked; a room goes on sounding."""
        return not isinstance(self.room.microphone, FileMicrophone)

    def attend(self, conversation: Conversation) -> None:
        """From now on this conversation is had, with the voice as it was set."""
        self._conversation = conversation
        self.speaker.reset()
        self._cut_in_vain = 0

    def expect_to_say(self, sentences: Iterator[str]) -> None:
        """Render these one by one where there is time."""
        self._ahead = sentences

    def speak(
        self, text: str, prompt: str, sources: tuple[str, ...] = (), *, ends_reply: bool = False
    ) -> Event | None:
        """Say one sentence to its end, or until somebody says something that matters more: that.

        What is said as ``ends_reply`` ends is the answer to it. Raises AudioError.
        """
        self._tell(WasSaid(self.at, text, prompt, sources))
        try:
            sound = self.speaker.rendered(text)
        except (BadInputError, VoiceError) as fault:
            # The words are shown, and who cannot look is told that some are missing.
            self._tell(Trouble(self.at, str(fault)))
            return self._own_up("words_missing")
        while True:
            self.speaker.play(sound)
            self._get_ready()
            if not self._live:
                self.speaker.finish(sound.seconds)
                self._spoken_s += sound.seconds
                return None
            if self._cut_in_vain >= MOST_IN_VAIN:
                return self._spoken_through(text, sound.seconds, ends_reply=ends_reply)
            if not self._spoken_over(sound.seconds):
                self._cut_in_vain = 0
                return None
            spoken_s = self._cut()
            is_answer = ends_reply and sound.seconds - spoken_s < NEARLY_SPOKEN_S
            event = self._interruption(text, is_answer)
            if event:
                self._cut_in_vain = 0
                return event
            self._cut_in_vain += 1
            sound = sound.after(spoken_s)

    def hear(self, expectation: Expectation, limit_s: float) -> Event | None:
        """What is said within ``limit_s`` seconds, or None. Raises AudioError."""
        self._ear.listen_for(expectation)
        self._owned_up = False
        waited_s = 0.0
        while waited_s < limit_s or self._ear.speaking:
            frame = self._read()
            if frame is None:
                if self.room.microphone.ended:
                    last = self._flush()
                    return self._take(last) if last else None
                waited_s += READ_LIMIT_S
                continue
            self._heard_s += FRAME_S
            if isinstance(self.room.loudspeaker, FileLoudspeaker):
                self.room.loudspeaker.silence(FRAME_S)
            for result in self._feed(frame):
                event = self._take(result)
                if event:
                    return event
            if not self._ear.speaking:
                waited_s += FRAME_S
                self._get_ready()
                self.room.check()
        return None

    def keep_quiet(self, expectation: Expectation, seconds: float) -> Event | None:
        """Let some seconds of a hold pass with an open ear; what was heard, if anything."""
        if seconds <= 0:
            return None
        if self._live:
            return self.hear(expectation, seconds)
        # A file is not heard during a hold: its next words are meant for the next question.
        if isinstance(self.room.loudspeaker, FileLoudspeaker):
            self.room.loudspeaker.silence(seconds)
        else:
            time.sleep(seconds)
        self._spoken_s += seconds
        return None

    def sleep(self, sleeper: Sleeper) -> Woken | None:
        """Wait to be woken; None when a file has ended. Raises AudioError, and RecognizerError when
        what may have been a call was lost."""
        while True:
            frame = self._read()
            if frame is not None:
                self._skip_read()
                woken = sleeper.feed(frame)
                if woken:
                    return woken
                if not sleeper.hears_somebody:
                    self.room.check()
            elif self.room.microphone.ended:
                return None

    def recover(self, fault: AudioError) -> None:
        """Get sound back after ``fault``; raises it when that takes too long."""
        self.room.recover(fault, lambda what: self._tell(Trouble(self.at, what)))
        self._read_at = None
        self._cut_in_vain = 0  # perhaps with other ears
        self._skip_read()

    def _spoken_over(self, seconds: float) -> bool:
        """Wait until a sentence of so many seconds has been spoken, or somebody speaks over it."""
        duplex = self.room.duplex
        end = time.monotonic() + self.speaker.limit_s(seconds)
        silent_at: float | None = None
        tail: deque[bytes] = deque(maxlen=_TAIL_FRAMES)
        while time.monotonic() < end:
            heard_s = self.room.microphone.position_s
            if self.speaker.playing:
                silent_at = None
            elif silent_at is None:
                silent_at = heard_s
            if silent_at is not None and (duplex is None or heard_s - silent_at >= ECHO_TAIL_S):
                break
            frame = self._read(FRAME_S)
            if duplex and duplex.spoken_over:
                return True
            if frame and silent_at is not None:
                tail.append(frame)
            self._get_ready()
        if duplex is None:
            # Half duplex: what the microphone brought meanwhile was our own voice.
            self.room.microphone.flush()
        self._skip_read()
        if duplex:
            self._ear.precede(tail)
        return False

    def _spoken_through(self, speaking: str, seconds: float, *, ends_reply: bool) -> Event | None:
        """Wait until a sentence of so many seconds has been spoken, whatever sounds meanwhile; what
        was said over it, if it is worth stopping for: then it is cut."""
        end = time.monotonic() + self.speaker.limit_s(seconds)
        is_alone, is_somebody, late_s = True, False, 0.0
        self._skip_read()
        self._listen_for_interruptions()
        while time.monotonic() < end:
            is_over, is_late = not self.speaker.playing, late_s >= LATE_LIMIT_S
            if is_over and not self._ear.speaking:
                break
            frame = None if is_late else self._read(FRAME_S)
            late_s += FRAME_S if is_over else 0.0
            if self.room.duplex and self.room.duplex.spoken_over:
                is_alone, is_somebody = False, True
            finals = _finals(self._feed(frame)) if frame else []
            if is_late and (so_far := self._flush()):
                finals = [so_far]
            for final in finals:
                # What the gate did not open for is what is left of the own voice.
                if is_somebody and self._matters(final, speaking, is_answer=ends_reply and is_over):
                    self._cut_in_vain = 0
                    self._cut()
                    return self._take(final)
                is_somebody = False
        if is_alone:
            self._cut_in_vain = 0
        self._skip_read()
        return None

    def _interruption(self, speaking: str, is_answer: bool) -> Event | None:
        """Listen in the quiet after a cut: what was said, if it is worth stopping for."""
        duplex = self.room.duplex
        if duplex is None:
            return None
        self._listen_for_interruptions()
        results = self._by_ear(lambda: self._ear.start_now(duplex.recent))
        waited_s = 0.0
        while not (finals := _finals(results)) and waited_s < INTERRUPTED_LIMIT_S:
            frame = self._read()
            waited_s += FRAME_S if frame else READ_LIMIT_S
            results = self._feed(frame) if frame else []
        final = finals[0] if finals else self._flush()
        if final and self._matters(final, speaking, is_answer=is_answer):
            return self._take(final)
        self._tell(WasIgnored(self.at, final.text if final else ""))
        if final and final.rejected == ENGINE_FAILED:
            return self._own_up("not_heard")
        duplex.distrust()
        return None

    def _own_up(self, prompt: str) -> Event | None:
        """Say what went wrong, once until somebody is listened to again: neither for each sentence
        that is missing, nor for each part of the notice itself."""
        if self._owned_up or self._conversation is None:
            return None
        self._owned_up = True
        notice = self._conversation.notice(prompt)
        for sentence in notice.sentences:
            event = self.speak(sentence, notice.prompt, notice.sources)
            if event:
                return event
        return None

    def _listen_for_interruptions(self) -> None:
        if self._conversation:
            likely, early = self._conversation.interruptions, self._conversation.early
            self._ear.listen_for(Expectation(Expect.COMMAND, likely, early))

    def _matters(self, final: Final, speaking: str, *, is_answer: bool = False) -> bool:
        """Whether what was heard over ``speaking`` is worth stopping for."""
        if self._conversation is None or not final.text:
            return False
        if is_answer and final.confidence >= LEAST_SURE:
            return True
        return self._conversation.interrupts(final.text, final.confidence, speaking)

    def _cut(self) -> float:
        """Fall silent; how many seconds of the sentence were spoken."""
        spoken_s = self.speaker.cut()
        self._skip_read()
        self._tell(WasCut(self.at, spoken_s))
        return spoken_s

    def _get_ready(self) -> None:
        """Render the next of the sentences that are likely to be said soon."""
        self.speaker.get_ready(self._ahead)

    def _read(self, timeout_s: float = READ_LIMIT_S) -> bytes | None:
        """The next frame. Raises AudioError when the device is gone."""
        self.room.beat()
        frame = self.room.microphone.read(timeout_s)
        self._tell_if_held_up()
        self._tell_if_lost()
        self._read_at = time.monotonic()
        if self.hears_nothing and not self._dead_told:
            self._dead_told = True
            self._tell(Trouble(self.at, "The microphone brings no sound at all: is it muted?"))
        return frame

    def _tell_if_held_up(self) -> None:
        """A machine too busy to read its microphone comes late with everything."""
        if self._read_at is None or not self._live:
            return
        late_s = time.monotonic() - self._read_at
        if late_s > HELD_UP_S:
            self._tell(Trouble(self.at, f"The assistant was held up for {late_s:.0f} s."))

    def _tell_if_lost(self) -> None:
        """What came in and was not fetched in time nobody hears any more."""
        microphone = self.room.microphone
        if microphone.overflows > self._losses and microphone.position_s >= self._next_loss_s:
            self._losses = microphone.overflows
            self._next_loss_s = microphone.position_s + LOSS_EVERY_S
            self._tell(Trouble(self.at, "Some sound was lost: the machine is too busy."))

    def _skip_read(self) -> None:
        """What was read but not fed to the ear has passed for it too."""
        position_s = self.room.microphone.position_s
        self._ear.skip(position_s - self._read_to_s)
        self._read_to_s = position_s

    def _feed(self, frame: bytes) -> Sequence[Result]:
        """What the ear makes of a frame."""
        self._read_to_s = self.room.microphone.position_s
        return self._by_ear(lambda: self._ear.feed(frame))

    def _by_ear(self, hear: Callable[[], Sequence[Result]]) -> Sequence[Result]:
        """What the ear hears; an engine that fails costs one utterance."""
        try:
            return hear()
        except RecognizerError as fault:
            self._tell(Trouble(self.at, str(fault)))
            self._ear.reset()
            return [Final("", 0.0, self.at - MIN_UNHEARD_S, self.at, rejected=ENGINE_FAILED)]

    def _flush(self) -> Final | None:
        """What was said so far of the utterance going on, if there is one."""
        finals = _finals(self._by_ear(lambda: [final] if (final := self._ear.flush()) else []))
        return finals[0] if finals else None

    def _take(self, result: Result) -> Event | None:
        """The event that a result of the ear stands for, if it stands for one."""
        if isinstance(result, Partial):
            self._tell(Hearing(result.at, result.text))
            return None
        if isinstance(result, SpeechStarted):
            self._tell(SpeechBegan(result.at))
            return None
        if result.text:
            ended_at = self.room.microphone.clock_at(result.end)
            spoken = (result.text, result.confidence, result.start, result.end)
            self._tell(WasHeard(result.end, *spoken, ended_at))
            return Heard(result.text)
        if result.end - result.start < MIN_UNHEARD_S:
            return None
        self._tell(WasUnheard(result.end, result.rejected or "no words"))
        return Unheard()


def _finals(results: Sequence[Result]) -> list[Final]:
    return [result for result in results if isinstance(result, Final)]
