"""The loop that joins the stages: hear, understand, decide, speak. The only place that knows all.

One thread does everything in turn; sound devices, recogniser and renderer have threads of their
own, and those decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.dialogue.actions import Adjust, Hold, Listen, Reply, Say
from voiceskill.dialogue.events import Event, Heard, HoldBroken, HoldEnded, Silence
from voiceskill.dialogue.session import Session
from voiceskill.errors import AudioError, RecognizerError, SleptError
from voiceskill.happenings import (
    FellAsleep,
    Happening,
    InputEnded,
    Listening,
    Moved,
    Quiet,
    Started,
    Trouble,
    UrgencyRose,
    WasUnderstood,
    WokeUp,
)
from voiceskill.stt.recognizer import Expect, Expectation
from voiceskill.turn_taking import TurnTaking
from voiceskill.waking import Sleeper, Woken

MIN_REST_S = 2.0
"""Less than this after a goodbye is the quiet at the end of a recording."""


class Assistant:
    """Carries out the replies of sessions in sound."""

    def __init__(
        self,
        new_session: Callable[[], Session],
        floor: TurnTaking,
        tell: Callable[[Happening], None],
        engine: str,
        sleeper: Sleeper | None = None,
    ) -> None:
        """``new_session`` makes a session; ``tell`` gets every happening as it happens; with a
        ``sleeper`` the assistant sleeps until it is woken, and after each conversation again."""
        self._new_session = new_session
        self._session = new_session()
        self._floor = floor
        self._tell = tell
        self._engine = engine
        self._sleeper = sleeper
        self._urgency: str | None = None
        self._deaf_said = False
        """Whether it was said in this conversation that the microphone brings nothing."""
        self._hold_began_s: float | None = None
        """When the hold began that is being counted, on the clock of the conversation."""

    @property
    def _at(self) -> float:
        return self._floor.at

    def run(self) -> None:
        """Converse until the person says goodbye, or until a file that is heard has ended; with a
        sleeper until the program is ended.

        Raises AudioError when a device is lost and does not come back; without a sleeper also when
        there is no microphone to begin with: then somebody is there to read it.
        """
        floor = self._floor
        if not self._sleeper:
            floor.room.microphone.start()
        self._tell(Started(self._at, self._engine, floor.speaker.name))
        if self._sleeper:
            while (woken := self._sleep(self._sleeper)) is not None:
                self._converse(woken.wants)
        else:
            self._converse()
            while self._has_more():
                self._converse()
        floor.speaker.finish()

    def _has_more(self) -> bool:
        """Whether a file holds another conversation after the end of one."""
        microphone = self._floor.room.microphone
        return isinstance(microphone, FileMicrophone) and microphone.left_s > MIN_REST_S

    def _sleep(self, sleeper: Sleeper) -> Woken | None:
        """Wait to be woken; None when nobody can come any more."""
        self._tell(FellAsleep(self._at))
        self._floor.attend(self._session)
        while True:
            sleeper.reset()
            try:
                self._floor.room.microphone.start()
                woken = self._floor.sleep(sleeper)
                if woken is None:
                    self._tell(InputEnded(self._at))
                    return None
            except AudioError as fault:
                woken = _as_call(self._recover(fault))
            except RecognizerError as fault:
                # It may have been a call.
                self._tell(Trouble(self._at, str(fault)))
                woken = _as_call(self._notice("not_heard"))
            if woken:
                self._tell(WokeUp(self._at, woken.reason, woken.text))
                return woken

    def _converse(self, first_words: str = "") -> None:
        """One conversation from greeting to end; who cried for help is answered, not greeted."""
        self._session = session = self._new_session()
        self._urgency = None
        self._deaf_said = False
        self._floor.attend(session)
        now_s = self._floor.now_s
        reply = session.handle(Heard(first_words), now_s) if first_words else session.start(now_s)
        while True:
            self._report(reply)
            event = self._carry_out_whatever_happens(reply)
            if event is None:
                return
            reply = session.handle(event, self._floor.now_s)

    def _report(self, reply: Reply) -> None:
        if reply.understanding:
            self._tell(WasUnderstood(self._at, reply.understanding))
        self._tell(Moved(self._at, reply.status))
        urgency = reply.status.urgency.value if reply.status.urgency else None
        if urgency and urgency != self._urgency:
            self._tell(UrgencyRose(self._at, urgency))
        self._urgency = urgency

    def _carry_out_whatever_happens(self, reply: Reply) -> Event | None:
        """Do what the reply asks; when sound is lost on the way, all of it again afterwards, unless
        something was said meanwhile. What is left of a hold only the session knows."""
        while True:
            self._hold_began_s = None
            try:
                return self._carry_out(reply)
            except AudioError as fault:
                held_s = self._held_s  # the clock goes on while sound is away
                event = self._recover(fault)
                if held_s is not None:
                    return HoldBroken(held_s, event)
                if event:
                    return event

    def _recover(self, fault: AudioError) -> Event | None:
        """Get sound back, and say so; what was said over that. Raises AudioError when it does not
        come."""
        self._tell(Trouble(self._at, str(fault)))
        self._floor.recover(fault)
        return self._notice("was_asleep" if isinstance(fault, SleptError) else "sound_back")

    def _notice(self, prompt: str) -> Event | None:
        """Say something about the assistant itself; what was said over it, if that matters more."""
        try:
            return self._say(self._session.notice(prompt), ends_reply=False)
        except AudioError as fault:
            # Gone again; whoever speaks or listens next notices and recovers.
            self._tell(Trouble(self._at, str(fault)))
            return None

    def _carry_out(self, reply: Reply) -> Event | None:
        """Do what the reply asks; the event that answers it, or None when all is over."""
        says = [action for action in reply.actions if isinstance(action, Say)]
        sentences = [sentence for say in says for sentence in say.sentences]
        self._floor.expect_to_say(iter(sentences[1:]))
        for action in reply.actions:
            event: Event | None = None
            if isinstance(action, Say):
                event = self._say(action, ends_reply=action is says[-1])
            elif isinstance(action, Adjust):
                self._floor.speaker.adjust(action)
            elif isinstance(action, Hold):
                return self._hold(action)
            elif isinstance(action, Listen):
                return self._listen(action)
            if event:
                return event
        return None

    def _say(self, say: Say, ends_reply: bool) -> Event | None:
        """Say a prompt; what was said over it, if that is worth stopping for."""
        left = len(say.sentences)
        for sentence in say.sentences:
            left -= 1
            event = self._floor.speak(
                sentence, say.prompt, say.sources, ends_reply=ends_reply and not left
            )
            if event:
                return event
        return None

    def _listen(self, action: Listen) -> Event | None:
        self._tell(Listening(self._at, action.expectation.kind.value))
        self._floor.expect_to_say(self._session.likely_next(self._floor.now_s))
        event = self._floor.hear(action.expectation, action.timeout_s)
        if event is not None:
            return event
        if self._floor.room.microphone.ended:
            self._tell(InputEnded(self._at))
            return None
        self._tell(Quiet(self._at))
        if self._floor.hears_nothing and not self._deaf_said:
            self._deaf_said = True
            event = self._notice("microphone_gone")
        return event or Silence()

    def _hold(self, action: Hold) -> Event:
        """Count through the hold; whatever is heard meanwhile breaks it off."""
        began_s = self._hold_began_s = self._floor.now_s
        event = self._count(action, began_s)
        return HoldBroken(self._floor.now_s - began_s, event) if event else HoldEnded()

    def _count(self, action: Hold, began_s: float) -> Event | None:
        """Say the cues at their seconds; what was heard meanwhile, if anything."""
        floor = self._floor
        expectation = action.expectation or Expectation(Expect.COMMAND)
        for cue in action.cues:
            event = floor.keep_quiet(expectation, began_s + cue.at_s - floor.now_s)
            event = event or floor.speak(cue.text, "cue")
            if event:
                return event
        return floor.keep_quiet(expectation, began_s + action.seconds - floor.now_s)

    @property
    def _held_s(self) -> float | None:
        """Seconds of the hold so far; None where none is being counted."""
        began_s = self._hold_began_s
        return None if began_s is None else self._floor.now_s - began_s


def _as_call(event: Event | None) -> Woken | None:
    """What was said over a notice to nobody, as a call."""
    return Woken("interruption", event.text, event.text) if isinstance(event, Heard) else None
