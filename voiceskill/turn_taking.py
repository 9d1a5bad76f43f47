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
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from voiceskill.attention import ENGINE_FAILED, READ_LIMIT_S, Attention, finals_of
from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.sound import FRAME_S
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.events import Event
from voiceskill.errors import AudioError, BadInputError, VoiceError
from voiceskill.happenings import (
    Happening,
    Trouble,
    WasCut,
    WasIgnored,
    WasSaid,
)
from voiceskill.room import Room
from voiceskill.speaker import Speaker
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Expect, Expectation, Final

if TYPE_CHECKING:
    from voiceskill.waking import Sleeper, Woken

LATE_LIMIT_S = 2.0
"""So long a sentence that nothing cuts waits at its end for who is still speaking."""

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
        self._attention = Attention(ear, room, tell)
        self._tell = tell
        self._conversation: Conversation | None = None
        self._spoken_s = 0.0
        self._heard_s = 0.0
        self._ahead: Iterator[str] = iter(())
        self._cut_in_vain = 0
        self._owned_up = False
        """Whether it was said, since somebody was last listened to, that something was missed."""

    @property
    def at(self) -> float:
        """Seconds since the start of the input."""
        return self._attention.at

    @property
    def now_s(self) -> float:
        """Seconds on the clock of the conversation."""
        return self.at if self._attention.live else self._spoken_s + self._heard_s

    @property
    def hears_nothing(self) -> bool:
        """Whether the microphone brings no sound at all."""
        return self._attention.hears_nothing

    def attend(self, conversation: Conversation) -> None:
        """From now on this conversation is had, with the voice as it was set."""
        self._conversation = conversation
        self.speaker.reset()
        self._cut_in_vain = 0
        self._owned_up = False

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
            if not self._attention.live:
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
        self._attention.ear.listen_for(expectation)
        self._owned_up = False
        waited_s = 0.0
        while waited_s < limit_s or self._attention.ear.speaking:
            frame = self._attention.read()
            if frame is None:
                if self.room.microphone.ended:
                    last = self._attention.flush()
                    return self._attention.take(last) if last else None
                waited_s += READ_LIMIT_S
                continue
            self._heard_s += FRAME_S
            if isinstance(self.room.loudspeaker, FileLoudspeaker):
                self.room.loudspeaker.silence(FRAME_S)
            for result in self._attention.feed(frame):
                event = self._attention.take(result)
                if event:
                    return event
            if not self._attention.ear.speaking:
                waited_s += FRAME_S
                self._get_ready()
                self.room.check()
        return None

    def keep_quiet(self, expectation: Expectation, seconds: float) -> Event | None:
        """Let some seconds of a hold pass with an open ear; what was heard, if anything."""
        if seconds <= 0:
            return None
        if self._attention.live:
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
            frame = self._attention.read()
            if frame is not None:
                self._attention.skip_read()
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
        self._attention.begin_anew()
        self._cut_in_vain = 0  # perhaps with other ears

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
            frame = self._attention.read(FRAME_S)
            if duplex and duplex.spoken_over:
                return True
            if frame and silent_at is not None:
                tail.append(frame)
            self._get_ready()
        if duplex is None:
            # Half duplex: what the microphone brought meanwhile was our own voice.
            self.room.microphone.flush()
        self._attention.skip_read()
        if duplex:
            self._attention.ear.precede(tail)
        return False

    def _spoken_through(self, speaking: str, seconds: float, *, ends_reply: bool) -> Event | None:
        """Wait until a sentence of so many seconds has been spoken, whatever sounds meanwhile; what
        was said over it, if it is worth stopping for: then it is cut."""
        end = time.monotonic() + self.speaker.limit_s(seconds)
        is_alone, is_somebody, late_s = True, False, 0.0
        self._attention.skip_read()
        self._listen_for_interruptions()
        while time.monotonic() < end:
            is_over, is_late = not self.speaker.playing, late_s >= LATE_LIMIT_S
            if is_over and not self._attention.ear.speaking:
                break
            frame = None if is_late else self._attention.read(FRAME_S)
            late_s += FRAME_S if is_over else 0.0
            if self.room.duplex and self.room.duplex.spoken_over:
                is_alone, is_somebody = False, True
            finals = finals_of(self._attention.feed(frame)) if frame else []
            if is_late and (so_far := self._attention.flush()):
                finals = [so_far]
            for final in finals:
                # What the gate did not open for is what is left of the own voice.
                if is_somebody and self._matters(final, speaking, is_answer=ends_reply and is_over):
                    self._cut_in_vain = 0
                    self._cut()
                    return self._attention.take(final)
                is_somebody = False
        if is_alone:
            self._cut_in_vain = 0
        self._attention.skip_read()
        return None

    def _interruption(self, speaking: str, is_answer: bool) -> Event | None:
        """Listen in the quiet after a cut: what was said, if it is worth stopping for."""
        duplex = self.room.duplex
        if duplex is None:
            return None
        self._listen_for_interruptions()
        results = self._attention.by_ear(lambda: self._attention.ear.start_now(duplex.recent))
        waited_s = 0.0
        while not (finals := finals_of(results)) and waited_s < INTERRUPTED_LIMIT_S:
            frame = self._attention.read()
            waited_s += FRAME_S if frame else READ_LIMIT_S
            results = self._attention.feed(frame) if frame else []
        final = finals[0] if finals else self._attention.flush()
        if final and self._matters(final, speaking, is_answer=is_answer):
            return self._attention.take(final)
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
            self._attention.ear.listen_for(Expectation(Expect.COMMAND, likely, early))

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
        self._attention.skip_read()
        self._tell(WasCut(self.at, spoken_s))
        return spoken_s

    def _get_ready(self) -> None:
        """Render the next of the sentences that are likely to be said soon."""
        self.speaker.get_ready(self._ahead)
