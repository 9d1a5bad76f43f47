"""Microphone and loudspeaker of this machine together, because PortAudio brings them back only
together: it looks for devices once, when it starts."""

from __future__ import annotations

from collections.abc import Callable

from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker
from voiceskill.audio.device_microphone import DeviceMicrophone
from voiceskill.audio.lookout import Lookout
from voiceskill.audio.portaudio import restart_portaudio
from voiceskill.audio.reference import Reference
from voiceskill.errors import AudioError


class SoundCard:
    """The devices in use, and how to have them again after they were lost."""

    reference: Reference | None = None
    """What is played, for an echo canceller; anew whenever the loudspeaker is opened."""

    def __init__(
        self, microphone: str | None, loudspeaker: str | None, *, with_reference: bool
    ) -> None:
        """Open the loudspeaker; the microphone opens with its ``start``.

        The devices are parts of names, None for the system's default; an index would mean another
        device after a plug was pulled. Raises AudioError.
        """
        self._microphone_name = microphone
        self._loudspeaker_name = loudspeaker
        self._with_reference = with_reference
        self._lookouts: list[Lookout] = []
        """One for each named device in whose place the default is used."""
        self.microphone = DeviceMicrophone(microphone)
        self.loudspeaker = self._opened(loudspeaker)

    def check(self) -> None:
        """Raise AudioError when sound has to be opened anew: the loudspeaker is lost, or a named
        device is back in whose place the default is used. Cheap enough for every frame."""
        self.loudspeaker.check()
        for lookout in self._lookouts:
            if lookout.found():
                raise AudioError(
                    f"The {lookout.side} {lookout.name!r} is there again. Sound is opened anew."
                )

    def recover(self, tell: Callable[[str], None], *, named_only: bool = False) -> bool:
        """Try once to open both anew; whether both are there.

        What can be opened but gives no sign of life is not there. Takes seconds where the sound
        server hangs. ``tell`` gets what is missing, and what is used in place of a named device
        that is gone: the default, which with ``named_only`` is no substitute. The named device is
        looked for from then on; see ``check``. With the loudspeaker alone, that one is open.
        """
        self.close()
        try:
            restart_portaudio()
            for side, name, use, does in (
                ("loudspeaker", self._loudspeaker_name, self._speak_with, "speaks"),
                ("microphone", self._microphone_name, self._hear_with, "listens"),
            ):
                if self._open(side, name, use, named_only):
                    tell(f"The {side} {name!r} is gone. The system's default {does} instead.")
        except AudioError as fault:
            tell(str(fault))
            return False
        return True

    def close(self) -> None:
        """Let go of both, in limited time even when their server hangs; safe to call twice."""
        for lookout in self._lookouts:
            lookout.close()
        self._lookouts.clear()
        self.microphone.close()
        self.loudspeaker.close()

    def _open(
        self, side: str, name: str | None, use: Callable[[str | None], None], named_only: bool
    ) -> bool:
        """Whether the default stands in for the device of this name, and that is looked for."""
        try:
            use(name)
        except AudioError:
            if name is None or named_only:
                raise
            use(None)
            self._lookouts.append(Lookout(side, name))
            return True
        return False

    def _speak_with(self, name: str | None) -> None:
        gain_db = self.loudspeaker.gain_db
        self.loudspeaker.close()
        self.loudspeaker = self._opened(name)
        self.loudspeaker.gain_db = gain_db
        self.loudspeaker.prove()

    def _hear_with(self, name: str | None) -> None:
        self.microphone.close()
        self.microphone.device = name
        self.microphone.start()
        self.microphone.prove()

    def _opened(self, loudspeaker: str | None) -> DeviceLoudspeaker:
        if self._with_reference:
            self.reference = Reference()
        return DeviceLoudspeaker(loudspeaker, self.reference)
