"""Where a conversation takes place: its microphone and its loudspeaker, and how they come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from voiceskill.audio.loudspeaker import Loudspeaker
from voiceskill.audio.microphone import Microphone
from voiceskill.errors import AudioError

if TYPE_CHECKING:
    from voiceskill.audio.duplex_microphone import DuplexMicrophone


class Room:
    """A microphone and a loudspeaker that stay what they are."""

    duplex: DuplexMicrophone | None = None
    """The microphone, where it hears the person over the assistant's voice."""

    def __init__(self, microphone: Microphone, loudspeaker: Loudspeaker) -> None:
        self.microphone = microphone
        self.loudspeaker = loudspeaker

    def beat(self) -> None:
        """Called whenever a frame is waited for. Raises AudioError when sound has to be opened
        anew."""

    def check(self) -> None:
        """Called with every frame in which nobody speaks. Raises AudioError when nothing could be
        said, or when sound should be opened anew just then."""

    def recover(self, fault: AudioError, tell: Callable[[str], None]) -> None:  # noqa: ARG002
        """Get sound back. Raises ``fault``: a file does not come back."""
        raise fault

    def close(self) -> None:
        """Let go of both; safe to call twice."""
        self.loudspeaker.close()
        self.microphone.close()
