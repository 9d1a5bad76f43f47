"""Canceller and gate together: takes the own voice out, and tells who speaks over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.echo import Cleaned, EchoCanceller
from voiceskill.audio.gate import Gate

DECIDED_FRAMES = 1
"""So much later it is decided who the gate opened for, when the own voice is heard in its place. Of
68 words spoken over it with 67 it was, in one of the first two frames."""

UNPROVEN_FRAMES = 3
"""And so much later while the echo has moved lately and what the filter leaves of it is not proven:
in ten minutes on a sound server that buffered anew 20 times it took itself for somebody once with
one frame, never with three."""

DOUBTED_FRAMES = 8
"""So much later at most where the own voice sounds and is not heard in its place: it may have moved
so far that it has to be looked for again, or somebody drowns it. Of 30 jumps of the echo none was
taken for somebody so; 2 with 6 frames, 4 with 3, 8 with 1. No word is noticed later for it."""

OWN_DB = -35.0
OWN_UNSETTLED_DB = -20.0
"""What WebRTC's canceller leaves, against what the filter leaves, of nothing but the own voice: the
latter while the echo moves. Just after a move it is -20 to -70 dB; while somebody speaks -36 to 0
in simulated rooms, but on a live stream -42 for the first 0.2 s of a "stop". So it is waited."""

SURE_DB = -10.0
SURE_UNPROVEN_DB = -5.0
SURE_LEFT_DB = -30.0
"""What the filter leaves, against the own voice, and what WebRTC's canceller leaves of that, where
the filter knows that it is somebody: nothing has to be waited for. In 48 minutes of live talk to
nobody, with 90 moves of the echo, it never was so; of 289 words mixed into it, 6 dB more quietly,
270 are noticed, before 249. What a filter leaves that was never proven is louder: -7 in a bathroom
with two clocks."""

MOST_OWN_FRAMES = 32
OWN_FADES = 0.25
"""After a second of its own voice the assistant may be wrong, and stops: nobody goes unheard. What
is counted falls by so much with every frame between: who speaks pauses."""

Samples = NDArray[np.int16]


class OverOwnVoice:
    """Frames of the microphone and of what was played in, frames without it out. Not thread-safe.

    Every frame has to be handed in, spoken or not: the canceller counts samples on both sides.
    """

    def __init__(self) -> None:
        """Raises AudioError without the canceller's package."""
        self.canceller = EchoCanceller()
        self.gate = Gate()
        self.spoken = False
        """Whether, by the last frame, somebody speaks over the own voice."""
        self._open = 0
        """Frames since the gate opened for somebody."""
        self._doubted = True
        """Whether the own voice has not been heard in its place since then."""
        self._belied = True
        """Whether WebRTC's canceller has left next to nothing since then."""
        self._wait = DECIDED_FRAMES
        """So many frames are waited for, unless it may have been the own voice."""
        self._own = 0.0
        """Frames that it opened for the own voice, the last of them not long ago."""

    def process(self, heard: Samples, played: Samples, moved: int = 0) -> Cleaned:
        """One frame of each, (512,); ``moved`` as the canceller takes it."""
        cleaned = self.canceller.process(heard, played, moved)
        if self.canceller.begins_anew:
            self.gate.distrust()
        if not self._open:
            is_sure = self.gate.threshold_db is not None or not self.canceller.moved_lately
            self._wait = DECIDED_FRAMES if is_sure else UNPROVEN_FRAMES
        opened = self.gate.feed(cleaned, played, moved=self.canceller.shaken)
        if opened or 0 < self._open <= self._needed:
            self._judge()
        else:
            self._forget()
            self._own = max(0.0, self._own - OWN_FADES)
        self.spoken = self._open > self._needed or self._is_sure()
        return cleaned

    @property
    def late_frames(self) -> int:
        """How much later than it usually is it is known by now that somebody speaks."""
        return max(0, self._open - DECIDED_FRAMES - 1)

    @property
    def _needed(self) -> int:
        return DOUBTED_FRAMES if self._doubted or self._belied else self._wait

    @property
    def _was_only_the_filter(self) -> bool:
        """Whether only the filter left something, for as long as is waited at most."""
        return self._belied and self._open >= DOUBTED_FRAMES

    def _is_sure(self) -> bool:
        loud_db = SURE_DB if self.gate.proven else SURE_UNPROVEN_DB
        is_loud = self.gate.over_own_db > loud_db and self.gate.webrtc_db > SURE_LEFT_DB
        return is_loud and self.canceller.hears_another()

    def _forget(self) -> None:
        self._open, self._doubted, self._belied = 0, True, True

    def _judge(self) -> None:
        is_own = self.canceller.chase_own_voice() or self._was_only_the_filter
        if is_own and self._own < MOST_OWN_FRAMES:
            # What was not taken for somebody before counts as well.
            self._own += 1 + self._open
            self._forget()
            if self._own >= MOST_OWN_FRAMES:
                self.canceller.doubt()
        else:
            self._open += 1
            below_db = OWN_UNSETTLED_DB if self.canceller.unsettled else OWN_DB
            self._belied = self._belied and self.gate.webrtc_db < below_db
            self._doubted = self._doubted and self.canceller.misses_own_voice()
