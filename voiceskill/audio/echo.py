"""Takes the assistant's own voice out of what the microphone hears."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.alignment import SAME, Alignment
from voiceskill.audio.likeness import Likeness
from voiceskill.audio.linear_filter import PARTITIONS, LinearFilter
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE
from voiceskill.errors import AudioError

PACKAGE = "pywebrtc_audio"

AEC_BLOCK = 160
"""Samples that WebRTC's canceller works in; it fills other lengths up with silence."""

SILENT_FRAMES = 47
"""So long (1.5 s) after the last sound played there is nothing left to take out."""

REPLAY_FRAMES = 32
"""The second of sound before the echo was found is learned from too."""

REPLAYS = 3
"""Times that it is learned from: once alone leaves it half learned for some seconds."""

OWN_FRAMES = 4
"""An eighth of a second is enough to tell the own voice from another."""

OWN_CLEAR = 9.0
"""Times that a correlation's peak stands above its mean: an echo that has moved reaches 9 to 50 in
19 of 20 frames, another voice over a well learned echo 5 to 9, one of 28 words 10."""

LEFT_CLEAR = 6.0
"""What is left reaches at most 5.5 where the echo is expected while somebody speaks over it: 68
words, 12 dB more quietly to 6 dB louder."""

LEAST_GAIN = 0.8
MOST_GAIN = 1.25
"""How strong the echo that the filter expects may be in what is heard, to be there for sure. Of
1,055 loud frames of people on live streams half lie between 0.93 and 1.02; of 467 as loud while
nobody spoke, 15 lie within these bounds and leave nothing that is like the own voice."""

MOVED_CLEAR = 12.0
"""What is heard has to stand out so far for the echo to be gone after."""

IN_PLACE_CLEAR = 4.0
"""What is heard reaches so much where the echo is expected, in one of the first two frames, with 67
of 68 words spoken over it 12 dB more quietly to 6 dB louder; with no echo there it is 1 to 3.5."""

PAUSE_FRAMES = 16
BEGINNING_FRAMES = 8
"""In the first quarter of a second after half a second's pause there is too little of the own voice
to find; where the echo moved meanwhile, its first sound was taken for somebody."""

MOVED_FRAMES = 16
"""For half a second after it was last seen out of place there may be more of it."""

TOLD_FRAMES = 32
"""A second after the reference was brought forward, all that is heard was played since then."""

LOOK_OUT_FRAMES = 4
"""So often it is looked for where it is not expected, even while nobody seems to speak: of 30 jumps
one was not noticed for over a second otherwise, and a word in it was lost."""

SHAKEN_FRAMES = 1_000
"""Half a minute: so long WebRTC's canceller may need to get over an echo that has moved."""

WORSE = 2.0
"""Times the power: a filter that makes more of it knows nothing of this room, or the echo has just
moved. Of 72 words spoken over it, 12 dB more quietly to 6 dB louder, none had such a frame."""

Samples = NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Cleaned:
    """One frame without the own voice, in two ways."""

    residual: NDArray[np.int16]
    """By WebRTC's canceller: the own voice is gone at any delay and with any clock, and what is
    said over it in part; 18 ms late. Shape (512,)."""
    linear: NDArray[np.int16]
    """Less what an adaptive filter expects of the own voice: what is said over it stays whole.
    Shape (512,)."""
    echo: NDArray[np.float32]
    """What the filter expected, zeros while it knows of no echo. Shape (512,)."""


def available() -> bool:
    """Whether the package of the extra ``aec`` is installed, and sound."""
    return fault() is None


def fault() -> AudioError | None:
    """Why there can be no echo canceller, and what to do about it; None where there can be one."""
    try:
        _webrtc_canceller()
    except AudioError as error:
        return error
    return None


def _webrtc_canceller() -> Any:
    """What the package is there for. Raises AudioError where it cannot be had."""
    try:
        return import_module(PACKAGE).EchoCanceller(SAMPLE_RATE, 1)
    except ModuleNotFoundError as error:
        if error.name == PACKAGE:
            mend = "Type: pip install 'voiceskill[aec]'"
            raise AudioError(f"The echo canceller is not installed. {mend}") from None
        raise _broken(error) from error
    except Exception as error:
        # A broken wheel raises all sorts of things; talking in turns does without it.
        raise _broken(error) from error


def _broken(error: Exception) -> AudioError:
    mend = f"Type: pip install --force-reinstall {PACKAGE.replace('_', '-')}"
    return AudioError(f"The echo canceller is broken ({error}). {mend}")


class EchoCanceller:
    """Frames of the microphone and of what was played in, frames without the own voice out.

    Not thread-safe. While nothing was played for a while, frames pass as they are, at no cost.
    """

    def __init__(self) -> None:
        """Raises AudioError when the extra ``aec`` is not installed, or broken."""
        self._aec: Any = _webrtc_canceller()
        self._heard = np.zeros(0, np.int16)
        self._played = np.zeros(0, np.int16)
        self._residual = np.zeros(AEC_BLOCK, np.int16)
        self.alignment = Alignment()
        self._filter: LinearFilter | None = None
        self._recent: deque[NDArray[np.float32]] = deque(maxlen=REPLAY_FRAMES)
        self._linear: deque[Samples] = deque(maxlen=OWN_FRAMES)
        self._expected: deque[NDArray[np.float32]] = deque(maxlen=OWN_FRAMES)
        self.begins_anew = False
        """Whether the filter begins to learn with this frame."""
        self._silent = SILENT_FRAMES
        self._since_began = 0
        """Frames since the own voice began to sound after a pause."""
        self._since_moved = SHAKEN_FRAMES
        """Frames since the echo was last seen out of place."""
        self._since_shaken = SHAKEN_FRAMES
        """Frames since it was last seen far out of place."""
        self._since_told = TOLD_FRAMES
        """Frames since what is played was brought forward."""
        self._since_misled = OWN_FRAMES
        """Frames since the filter last made more of it."""
        self._frames = 0
        self._sought: Likeness | None = None
        """The own voice in the last frames heard, once it was looked for."""
        self._sought_left: Likeness | None = None
        """And in what was left of them."""
        self._left_own_voice: bool | None = None
        """Whether the filter left it, once that was asked."""

    def process(self, heard: Samples, played: Samples, moved: int = 0) -> Cleaned:
        """One frame of each, (512,); what is played may be heard up to a second later.

        ``moved`` is how many samples what is played has been brought forward in all, as a
        ``Reference`` counts them.
        """
        if self.alignment.follow(moved):
            self._since_told = 0
        self._since_told += 1
        self._sought = self._sought_left = self._left_own_voice = None
        self.begins_anew = False
        sounds = bool(played.any())
        self._since_began = 0 if sounds and self._silent > PAUSE_FRAMES else self._since_began + 1
        self._silent = 0 if sounds else self._silent + 1
        self._since_moved += 1
        self._since_shaken += 1
        if self._silent > SILENT_FRAMES:
            self.alignment.skip()
            return Cleaned(heard, heard, np.zeros(FRAME_SAMPLES, np.float32))
        echo = self._echo(heard.astype(np.float32), played.astype(np.float32))
        linear = (heard - echo).clip(-32_768, 32_767).astype(np.int16)
        self._linear.append(linear)
        self._expected.append(echo)
        self._frames += 1
        if self._frames % LOOK_OUT_FRAMES == 0 and self.alignment.delay_s is not None:
            self.chase_own_voice()
        return Cleaned(self._without_echo(heard, played), linear, echo)

    @property
    def shaken(self) -> bool:
        """Whether the echo has moved so far lately that WebRTC's canceller may not be over it."""
        return self._since_shaken < SHAKEN_FRAMES

    @property
    def moved_lately(self) -> bool:
        """Whether the echo has moved lately."""
        return self._since_moved < SHAKEN_FRAMES

    @property
    def unsettled(self) -> bool:
        """Whether the echo was out of place a moment ago, or the filter made more of it."""
        return self._since_moved < MOVED_FRAMES or self._is_misled

    def hears_another(self) -> bool:
        """Whether what the filter leaves is not the own voice, for that is there in its place, as
        strong as expected, and what is left is not like it. False where that cannot be told."""
        if self._filter is None or self.chase_own_voice() or self.unsettled:
            return False
        left = self._left.in_place
        is_unlike = left is not None and 0.0 < left < LEFT_CLEAR
        return is_unlike and LEAST_GAIN < self._echo_gain < MOST_GAIN

    def chase_own_voice(self) -> bool:
        """Whether what the filter left just now is the own voice all the same: a sound server that
        buffers anew moves the echo from one moment to the next. Then it is gone after at once."""
        if self._left_own_voice is None:
            self._left_own_voice = self._chase()
        return self._left_own_voice

    def _chase(self) -> bool:
        left = self._left
        # A filter that has not learned enough leaves the own voice where it was.
        own = (left.in_place or 0.0) > LEFT_CLEAR
        if left.peak <= OWN_CLEAR:
            return own
        # In what is left, what was taken out in the wrong place stands out too.
        heard = self._own_voice
        if heard.peak <= OWN_CLEAR:
            return own
        own = own or not heard.is_expected
        if heard.is_elsewhere and self._since_told >= TOLD_FRAMES:
            self._since_moved = 0
            if heard.is_far:
                self._since_shaken = 0
            is_sure = abs(left.at - heard.at) <= SAME
            if heard.peak > MOVED_CLEAR and self.alignment.jump(heard.at, sure=is_sure):
                self._move_filter()
        return own

    def doubt(self) -> None:
        """What was learned of the room may be wrong: learn it fast, from what is known on."""
        if self._filter is not None:
            self._filter.doubt()

    def misses_own_voice(self) -> bool:
        """Whether it sounds but is not heard where it should be: it has moved, or is drowned, or
        has only just begun. What the filter made more of has moved, whatever was heard before."""
        if self.alignment.delay_s is None:
            return False
        if self._is_misled:
            return True
        if self._own_voice.in_place is None:
            return self._since_began < BEGINNING_FRAMES
        return self._own_voice.in_place < IN_PLACE_CLEAR

    @property
    def _is_misled(self) -> bool:
        return self._since_misled < OWN_FRAMES

    @property
    def _echo_gain(self) -> float:
        """How strong the echo that the filter expects is in what was heard just now: near 1 where
        it is in its place, near 0 where it has moved; further off the louder somebody speaks."""
        echo, heard = np.concatenate(self._expected), np.concatenate(self._lately)
        return float(np.dot(heard, echo)) / (_power(echo) + 1.0)

    @property
    def _lately(self) -> list[NDArray[np.float32]]:
        return list(self._recent)[-OWN_FRAMES:]

    @property
    def _own_voice(self) -> Likeness:
        """The own voice in the last frames heard."""
        if self._sought is None:
            self._sought = self.alignment.seek(np.concatenate(self._lately))
        return self._sought

    @property
    def _left(self) -> Likeness:
        """The own voice in what the filter left of them."""
        if self._sought_left is None:
            left = np.concatenate(self._linear).astype(np.float32)
            self._sought_left = self.alignment.seek(left)
        return self._sought_left

    def _without_echo(self, heard: Samples, played: Samples) -> Samples:
        self._heard = np.concatenate([self._heard, heard])
        self._played = np.concatenate([self._played, played])
        whole = len(self._heard) // AEC_BLOCK * AEC_BLOCK
        cleaned = self._aec.process(self._heard[:whole], self._played[:whole])
        self._heard, self._played = self._heard[whole:], self._played[whole:]
        self._residual = np.concatenate([self._residual, cleaned])
        frame, self._residual = self._residual[:FRAME_SAMPLES], self._residual[FRAME_SAMPLES:]
        return frame

    def _echo(self, heard: NDArray[np.float32], played: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the filter expects of the own voice in this frame; zeros while it knows nothing."""
        block = self.alignment.read(played)
        self._recent.append(heard)
        echo = np.zeros(FRAME_SAMPLES, np.float32)
        if self._filter is not None:
            expected = self._filter.process(heard, block)
            # After headphones were plugged in, what the filter expects would be added, not taken.
            is_worse = _power(heard - expected) > WORSE * _power(heard)
            self._since_misled = 0 if is_worse else self._since_misled + 1
            if not is_worse:
                echo = expected
        if self.alignment.look(heard):
            self._place_filter()
        return echo

    def _move_filter(self) -> None:
        """The room is the same: what was learned of it holds where the echo now is."""
        if self._filter is not None:
            self._filter.replace_past(self.alignment.past((PARTITIONS + 1) * FRAME_SAMPLES))
            self.doubt()

    def _place_filter(self) -> None:
        """Begin anew with the last second, where the echo now is."""
        if self._filter is not None:
            self._since_moved = self._since_shaken = 0
        self._filter = LinearFilter()
        self.begins_anew = True
        before = (PARTITIONS + 1) * FRAME_SAMPLES
        again = self.alignment.past(before + len(self._recent) * FRAME_SAMPLES)
        for _ in range(REPLAYS):
            self._filter.replace_past(again[:before])
            for index, frame in enumerate(self._recent):
                start = before + index * FRAME_SAMPLES
                self._filter.process(frame, again[start : start + FRAME_SAMPLES])


def _power(samples: NDArray[np.float32]) -> float:
    return float(np.dot(samples, samples))
