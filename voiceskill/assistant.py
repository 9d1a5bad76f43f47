"""The loop that joins the stages: hear, understand, decide, speak. The only place that knows all.

One thread does everything in turn; only the sound devices have threads of their own, and those
move bytes. Time is counted in sound: seconds heard plus seconds spoken, so that a file is heard
as fast as the machine can and a microphone at its own pace, through the same code.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.loudspeaker import Loudspeaker
from voiceskill.audio.microphone import Microphone
from voiceskill.audio.sound import FRAME_S, Sound
from voiceskill.dialogue.actions import Adjust, Hold, Listen, Reply, Say
from voiceskill.dialogue.events import Event, Heard, HoldEnded, Silence, Unheard
from voiceskill.dialogue.session import Session
from voiceskill.errors import VoiceSkillError
from voiceskill.happenings import (
    Happening,
    Hearing,
    InputEnded,
    Moved,
    Quiet,
    Started,
    Trouble,
    UrgencyRose,
    WasHeard,
    WasSaid,
    WasUnderstood,
    WasUnheard,
)
from voiceskill.stt.ear import Ear, SpeechStarted
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial
from voiceskill.tts.voice import Voice

READ_LIMIT_S = 1.0
"""One wait for a frame; a lost device is reported by the microphone itself within this time."""

SENTENCE_GAP_S = 0.25
"""Quiet after a sentence: listeners over fifty follow better with a pause than with slow words."""

MIN_UNHEARD_S = 0.5
"""Shorter sounds without words are coughs and clicks, not something to ask about."""

MIN_REST_S = 2.0
"""Less than this after a goodbye is the quiet at the end of a recording."""

SPEECH_MARGIN_S = 5.0
"""So much longer than its own length may a sound take to play before it counts as stuck."""


class Assistant:
    """Carries out the replies of sessions on a microphone and a loudspeaker."""

    def __init__(
        self,
        new_session: Callable[[], Session],
        engine: str,
        ear: Ear,
        voice: Voice,
        microphone: Microphone,
        loudspeaker: Loudspeaker,
        tell: Callable[[Happening], None],
        rate_wpm: int,
    ) -> None:
        """``new_session`` makes a session; ``tell`` gets every happening as it happens."""
        self._new_session = new_session
        self._engine = engine
        self._ear = ear
        self._voice = voice
        self._microphone = microphone
        self._loudspeaker = loudspeaker
        self._tell = tell
        self._normal_rate_wpm = rate_wpm
        self._rate_wpm = rate_wpm
        self._normal_gain_db = loudspeaker.gain_db
        self._spoken_s = 0.0
        self._heard_s = 0.0
        # A file waits until it is asked; a room goes on sounding.
        self._live = not isinstance(microphone, FileMicrophone)
        self._urgency: str | None = None

    @property
    def _now_s(self) -> float:
        return self._spoken_s + self._heard_s

    @property
    def _at(self) -> float:
        """Seconds since the start of the input."""
        return self._ear.now

    def run(self) -> None:
        """Converse until the person says goodbye, or until a file that is heard has ended.

        Raises AudioError when a device is lost.
        """
        self._microphone.start()
        self._tell(Started(self._at, self._engine, self._voice.name))
        while True:
            self._converse()
            if not self._goes_on():
                break
        self._loudspeaker.wait(SPEECH_MARGIN_S)

    def _goes_on(self) -> bool:
        """Whether a file holds another conversation after the end of one."""
        microphone = self._microphone
        return isinstance(microphone, FileMicrophone) and microphone.left_s > MIN_REST_S

    def _converse(self) -> None:
        """One conversation from greeting to end."""
        session = self._new_session()
        self._urgency = None
        self._rate_wpm = self._normal_rate_wpm
        self._loudspeaker.gain_db = self._normal_gain_db
        reply = session.start(self._now_s)
        while True:
            self._report(reply)
            event = self._carry_out(reply)
            if event is None:
                return
            reply = session.handle(event, self._now_s)

    def _report(self, reply: Reply) -> None:
        if reply.understanding:
            self._tell(WasUnderstood(self._at, reply.understanding))
        self._tell(Moved(self._at, reply.status))
        urgency = reply.status.urgency.value if reply.status.urgency else None
        if urgency and urgency != self._urgency:
            self._tell(UrgencyRose(self._at, urgency))
        self._urgency = urgency

    def _carry_out(self, reply: Reply) -> Event | None:
        """Do what the reply asks; the event that answers it, or None when all is over."""
        for action in reply.actions:
            if isinstance(action, Say):
                for sentence in action.sentences:
                    self._speak(sentence, action.prompt, action.sources)
            elif isinstance(action, Adjust):
                self._rate_wpm = action.rate_wpm or self._rate_wpm
                if action.gain_db is not None:
                    self._loudspeaker.gain_db = self._normal_gain_db + action.gain_db
            elif isinstance(action, Hold):
                return self._hold(action)
            elif isinstance(action, Listen):
                return self._listen(action)
        return None

    def _speak(self, text: str, prompt: str, sources: tuple[str, ...] = ()) -> None:
        """Say one sentence to its end; what the microphone brings meanwhile is our own voice."""
        self._tell(WasSaid(self._at, text, prompt, sources))
        try:
            sound = self._voice.render(text, self._rate_wpm)
        except VoiceSkillError as fault:
            # The words are shown; a person is never left with nothing.
            self._tell(Trouble(self._at, str(fault)))
            return
        sound = with_gap(sound, SENTENCE_GAP_S)
        self._loudspeaker.play(sound)
        self._spoken_s += sound.seconds
        self._wait_until_spoken(sound.seconds + SPEECH_MARGIN_S)

    def _wait_until_spoken(self, limit_s: float) -> None:
        if not self._live:
            self._loudspeaker.wait(limit_s)
            return
        end = time.monotonic() + limit_s
        while self._loudspeaker.playing and time.monotonic() < end:
            self._microphone.read(FRAME_S)
        self._microphone.flush()
        self._ear.skip(self._microphone.position_s - self._ear.now)

    def _listen(self, action: Listen) -> Event | None:
        event = self._hear(action.expectation, action.timeout_s)
        if event is not None:
            return event
        if self._microphone.ended:
            self._tell(InputEnded(self._at))
            return None
        self._tell(Quiet(self._at))
        return Silence()

    def _hold(self, action: Hold) -> Event:
        """Count through the hold; whatever is heard meanwhile ends it."""
        began_s = self._now_s
        for cue in action.cues:
            event = self._keep_quiet(action, began_s + cue.at_s - self._now_s)
            if event:
                return event
            self._speak(cue.text, "cue")
        event = self._keep_quiet(action, began_s + action.seconds - self._now_s)
        return event or HoldEnded()

    def _keep_quiet(self, action: Hold, seconds: float) -> Event | None:
        """Let some seconds of a hold pass with an open ear; what was heard, if anything."""
        if seconds <= 0:
            return None
        if self._live:
            expectation = action.expectation or Expectation(Expect.COMMAND)
            return self._hear(expectation, seconds)
        # A file is not heard during a hold: its next words are meant for the next question.
        if isinstance(self._loudspeaker, FileLoudspeaker):
            self._loudspeaker.silence(seconds)
        else:
            time.sleep(seconds)
        self._spoken_s += seconds
        return None

    def _hear(self, expectation: Expectation, limit_s: float) -> Event | None:
        """What is said within ``limit_s`` seconds, or None."""
        self._ear.listen_for(expectation)
        waited_s = 0.0
        while waited_s < limit_s or self._ear.speaking:
            frame = self._microphone.read(READ_LIMIT_S)
            if frame is None:
                if self._microphone.ended:
                    final = self._ear.flush()
                    return self._take(final) if final else None
                waited_s += READ_LIMIT_S
                continue
            self._heard_s += FRAME_S
            if isinstance(self._loudspeaker, FileLoudspeaker):
                self._loudspeaker.silence(FRAME_S)
            for result in self._ear.feed(frame):
                event = self._take(result)
                if event:
                    return event
            if not self._ear.speaking:
                waited_s += FRAME_S
        return None

    def _take(self, result: SpeechStarted | Partial | Final) -> Event | None:
        """The event that a result of the ear stands for, if it stands for one."""
        if isinstance(result, Partial):
            self._tell(Hearing(result.at, result.text))
            return None
        if isinstance(result, SpeechStarted):
            return None
        if result.text:
            heard = WasHeard(result.end, result.text, result.confidence, result.start, result.end)
            self._tell(heard)
            return Heard(result.text)
        if result.end - result.start < MIN_UNHEARD_S:
            return None
        self._tell(WasUnheard(result.end, result.rejected or "no words"))
        return Unheard()


def with_gap(sound: Sound, seconds: float) -> Sound:
    """The sound with so much quiet after it."""
    gap = np.zeros(int(seconds * sound.rate), dtype=np.int16)
    return Sound(np.concatenate([sound.samples, gap]), sound.rate)
