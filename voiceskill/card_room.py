"""A room with a sound card: comes back by itself after anything that can happen to the card."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from itertools import chain, repeat

from voiceskill.audio.duplex_microphone import DuplexMicrophone
from voiceskill.audio.sound import Sound
from voiceskill.audio.sound_card import SoundCard
from voiceskill.clock import read_clocks, slept_s
from voiceskill.errors import AudioError, SleptError
from voiceskill.room import Room
from voiceskill.watchdog import Watchdog

BACK_OFF_S = (1.0, 2.0, 5.0)
"""Waits between attempts, the last one again and again: a server restarts in a second, a plug that
came loose takes longer, and to try is not free."""

NAMED_ONLY_S = 5.0
"""So long only the devices named in the settings will do: a plug that came loose for a moment is
known again within three seconds, and the system's default may be a dead jack."""

RECOVERY_LIMIT_S = 600.0
"""Then the program ends, for its supervisor to start it anew."""

BEAT_S = 1.0
"""Longest pause between two signs of life."""

NOTICE_MARGIN_S = 2.0
"""So much longer than its own length may a notice take to play."""


class CardRoom(Room):
    """The microphone and the loudspeaker of a sound card."""

    def __init__(self, card: SoundCard, deaf_notice: Sound, watchdog: Watchdog) -> None:
        """``deaf_notice`` is said when there is a loudspeaker but no microphone. Closing the room
        closes the card."""
        super().__init__(card.microphone, card.loudspeaker)
        self._card = card
        self._deaf_notice = deaf_notice
        self._watchdog = watchdog
        self._clocks = read_clocks()
        self._use_card()

    def beat(self) -> None:
        """Show the supervisor that the main loop goes on. Raises SleptError after a sleep of the
        machine."""
        self._watchdog.beat()
        before, self._clocks = self._clocks, read_clocks()
        asleep_s = slept_s(before, self._clocks)
        if asleep_s:
            raise SleptError(f"The machine was asleep for {asleep_s:.0f} s. Sound is opened anew.")

    def check(self) -> None:
        """Notice a loudspeaker that is lost before it is needed, and take a named device back as
        soon as it is there. Raises AudioError."""
        self._card.check()

    def recover(self, fault: AudioError, tell: Callable[[str], None]) -> None:
        """Open the card anew, again and again until both sides are there; ``tell`` gets each state
        once. After NAMED_ONLY_S the default stands in for a named device. Raises ``fault`` after
        RECOVERY_LIMIT_S."""
        told: set[str] = set()

        def tell_once(what: str) -> None:
            if what not in told:
                told.add(what)
                tell(what)

        began_at = time.monotonic()
        give_up_at = began_at + RECOVERY_LIMIT_S
        is_said = False
        for wait_s in chain((0.0,), BACK_OFF_S, repeat(BACK_OFF_S[-1])):
            if time.monotonic() + wait_s > give_up_at:
                raise fault
            self._wait(wait_s)
            named_only = time.monotonic() - began_at < NAMED_ONLY_S
            if self._card.recover(tell_once, named_only=named_only):
                break
            is_said = is_said or self._say_that_it_is_deaf()
        self._clocks = read_clocks()
        self._use_card()

    def close(self) -> None:
        """Let go of the card; safe to call twice."""
        self._card.close()

    def _use_card(self) -> None:
        """Hear through the card as it is now; an echo canceller has to learn anew."""
        card = self._card
        self.loudspeaker = card.loudspeaker
        self.microphone = card.microphone
        if card.reference is not None:
            self.microphone = self.duplex = DuplexMicrophone(card.microphone, card.reference)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._watchdog.beat()
        while (left_s := end - time.monotonic()) > 0:
            time.sleep(min(left_s, BEAT_S))
            self._watchdog.beat()

    def _say_that_it_is_deaf(self) -> bool:
        """Whether it could be said: a closed loudspeaker says nothing."""
        self._watchdog.beat()
        with suppress(AudioError):
            self._card.loudspeaker.play(self._deaf_notice)
            return self._card.loudspeaker.wait(self._deaf_notice.seconds + NOTICE_MARGIN_S)
        return False
