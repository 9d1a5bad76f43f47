"""Where in what was played the microphone is just now: finds how late the echo comes, and how much
faster one clock runs than the other."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from voiceskill.audio.likeness import DELAYS, Block, Likeness, compare, correlation
from voiceskill.audio.sound import FRAME_SAMPLES, SAMPLE_RATE

LOOK_FRAMES = 16
"""A look every half a second: one costs as much as six frames."""

WINDOW = 16_384
"""Samples of the microphone's sound that are looked at: a second has enough sounds of speech."""

EARLIER = 2_048
"""Samples by which the echo may come earlier than it seemed: what a sound server can jump."""

PRE_ROLL = 96
"""Samples that the filter's time begins before the echo does: its first rise, and room to move."""

LEAST_SOUND = WINDOW // 2
"""Samples of a window in which something is played: in less, a look errs by half a sample."""

MIDDLE_FRAMES = (WINDOW // 2 + EARLIER) // FRAME_SAMPLES
"""What is seen at a look was so in the middle of the window."""

CLEAR = 12.0
"""Times that the peak of a correlation stands above its mean: an echo reaches 40 to 90, voices and
noise without an echo 6."""

AGREE = 4
"""Samples (a quarter of a millisecond) within which the echo is in its place. With 8 a move by as
much was learned anew for seconds, and three words of 30 were lost by it on a live stream."""

DRIFTED = 8
"""Samples (0.5 ms) within which two looks have to agree, and by which two clocks may have drifted
apart in a silence; further out of place something was buffered anew."""

SAME = 2
"""Samples between two places that are one."""

APART = 2_048
"""Samples between two sights of an echo that have nothing in common."""

OFFSETS = 5
GAP_ERROR = 0.4
"""After a silence, an error of less than this many samples against the last looks is none."""

SLOPE_LOOKS = 40
SLOPE_LEAST = 6
"""Looks that the clocks are compared over, and from how many on."""

FASTEST_PPM = 250.0
"""Crystals differ by 200 parts in a million at most."""

SCATTER = 3.0
"""Samples that a look may lie beside the line of all; more is no drift."""

HISTORY = 4 * SAMPLE_RATE
"""Samples of what was played that are kept."""

TAPS = 24
PHASES = 1_024
"""Of the interpolation between samples: 60 dB beneath the sound."""

_LEAST_LAG = float(TAPS)
_MOST_LAG = float(HISTORY - 2 * WINDOW)


class Alignment:
    """Delivers what was played in step with the microphone."""

    def __init__(self) -> None:
        self._interpolator = _interpolator()
        self._history = np.zeros(HISTORY, np.float32)
        self._lag = _LEAST_LAG
        """Samples from the end of the block read last to the end of the history, were there any
        after it: ``_read_lag`` has a bound, and once it is no longer in the way the filter finds
        the echo where it learned it."""
        self._slope = 0.0
        """Samples that the echo gets later with every sample."""
        self._heard = np.zeros(WINDOW + EARLIER, np.float32)
        self._aligned = np.zeros(2 * WINDOW, np.float32)
        self._lags = deque([self._lag] * MIDDLE_FRAMES, MIDDLE_FRAMES)
        """The lags of the last frames that sounded."""
        self._frames = 0
        self._looks: deque[tuple[int, float]] = deque(maxlen=SLOPE_LOOKS)
        """When, and how late the echo came, both in samples."""
        self._offsets: deque[float] = deque(maxlen=OFFSETS)
        """How late the echo came after what was aligned for it at the last looks, samples."""
        self._odd: float | None = None
        """The delay of a look that did not fit the others."""
        self._jumped: tuple[int, int] | None = None
        """When it was first seen that the echo has moved, and how far, in samples."""
        self._after_gap = False
        self._moved = 0

    @property
    def delay_s(self) -> float | None:
        """How late the echo comes after what is handed in as played, seconds; None while there is
        no echo to be found."""
        return self._looks[-1][1] / SAMPLE_RATE if self._looks else None

    @property
    def drift_ppm(self) -> float:
        """How much faster the microphone counts than the loudspeaker, parts in a million."""
        return self._slope * 1e6

    def read(self, played: Block) -> Block:
        """Take a block of what is played and return the one whose echo comes now, both (512,)."""
        self._history[:-FRAME_SAMPLES] = self._history[FRAME_SAMPLES:]
        self._history[-FRAME_SAMPLES:] = played
        self._lag += self._slope * FRAME_SAMPLES
        self._lags.append(self._read_lag)
        block = self.past(FRAME_SAMPLES)
        self._aligned = np.concatenate([self._aligned[FRAME_SAMPLES:], block])
        return block

    def skip(self) -> None:
        """A frame of silence passed on both sides."""
        self._shift(self._slope * FRAME_SAMPLES)
        self._frames += 1
        self._after_gap = True

    def follow(self, moved: int) -> bool:
        """What is played has been brought forward by ``moved`` samples in all; whether some of that
        is new."""
        by, self._moved = moved - self._moved, moved
        if by:
            self._shift(by)
            self._shift_looks(by)
            self._odd = None
        return by != 0

    def past(self, count: int) -> Block:
        """The last so many samples, as they would be read now."""
        at = HISTORY - self._read_lag + (np.arange(count) - count) * (1.0 - self._slope)
        first = np.floor(at).astype(np.int64)
        phase = np.rint((at - first) * PHASES).astype(np.int64)
        near = self._history[(first - (TAPS // 2 - 1))[:, np.newaxis] + np.arange(TAPS)]
        block: Block = np.einsum("nt,nt->n", near, self._interpolator[phase])
        return block

    def look(self, heard: Block) -> bool:
        """Take what was heard with the block read last, (512,); True when the echo was found
        in another place: ``past`` is to be asked anew, and nothing learned so far holds."""
        self._heard = np.concatenate([self._heard[FRAME_SAMPLES:], heard])
        self._frames += 1
        if self._frames % LOOK_FRAMES or self._sounding() < LEAST_SOUND:
            return False
        offset = self._found()
        if offset is None:
            return False
        then, delay = (self._frames - MIDDLE_FRAMES) * FRAME_SAMPLES, self._lags[0] + offset
        if not self._looks or abs(delay - self._expected_at(then)) > DRIFTED:
            return self._move(then, delay)
        offset += self._held_back
        usual = float(np.median(self._offsets))
        if self._after_gap and abs(offset - usual) > GAP_ERROR:
            # Small errors of the slope add up in a long silence: the filter knows the old place.
            self._shift(offset - usual)
            self._aligned = self.past(len(self._aligned))
            offset = usual
        self._after_gap = False
        self._odd = None
        self._offsets.append(offset)
        self._looks.append((then, delay))
        self._fit()
        return False

    def seek(self, heard: Block) -> Likeness:
        """Compare the last samples, of what was heard or of what was left of it, with what was
        played in the second before."""
        played = self._history[-DELAYS - len(heard) :]
        return compare(heard, played, self.expected, self._within)

    @property
    def expected(self) -> int | None:
        """How late the echo should come by now, samples; None while there is none."""
        if not self._looks:
            return None
        return round(self._expected_at(self._frames * FRAME_SAMPLES))

    def jump(self, delay: int, *, sure: bool) -> bool:
        """The echo was seen to come so late; True when it is gone after, for that is sure or it was
        seen there twice within a second: ``past`` is to be asked anew."""
        expected = self.expected
        if expected is None or abs(delay - expected) <= self._within:
            return False
        now, by = self._frames * FRAME_SAMPLES, delay - expected
        if not sure:
            seen = self._jumped
            if seen is None or now - seen[0] > WINDOW or abs(by - seen[1]) > SAME:
                seen = self._jumped = (now, by)
            if now - seen[0] < APART:
                return False
        self._jumped, self._odd = None, None
        self._shift(by)
        self._shift_looks(by)
        # What was heard before lies elsewhere.
        self._heard = np.zeros(len(self._heard), np.float32)
        self._aligned = self.past(len(self._aligned))
        return True

    @property
    def _within(self) -> int:
        return DRIFTED if self._after_gap else AGREE

    @property
    def _read_lag(self) -> float:
        return min(max(self._lag, _LEAST_LAG), _MOST_LAG)

    @property
    def _held_back(self) -> float:
        """Samples by which the bound moves what is read from where it should lie."""
        return self._read_lag - self._lag

    def _sounding(self) -> int:
        return int(np.count_nonzero(self._aligned[-WINDOW:]))

    def _shift(self, by: float) -> None:
        """All that was read lies so much further back, in samples, as if it had always done."""
        before = self._read_lag
        self._lag += by
        done = self._read_lag - before
        self._lags = deque((lag + done for lag in self._lags), MIDDLE_FRAMES)

    def _shift_looks(self, by: float) -> None:
        """All that was seen came so many samples later."""
        self._looks = deque(((when, late + by) for when, late in self._looks), SLOPE_LOOKS)

    def _expected_at(self, now: int) -> float:
        then, delay = self._looks[-1]
        return delay + self._slope * (now - then)

    def _move(self, then: int, delay: float) -> bool:
        """Go where the echo was found, once it is found there twice."""
        if self._odd is None or abs(delay - self._odd) > DRIFTED:
            self._odd = delay
            return False
        self._odd = None
        self._offsets.clear()
        self._offsets.append(float(PRE_ROLL))
        self._shift(delay - PRE_ROLL - self._lags[0] + self._held_back)
        self._looks.clear()
        self._looks.append((then, delay))
        self._aligned = self.past(len(self._aligned))
        return True

    def _found(self) -> float | None:
        """How late the echo comes after what was aligned for it, samples, where it is clear."""
        heard = np.zeros(len(self._aligned), np.float32)
        heard[-len(self._heard) : -EARLIER] = self._heard[:WINDOW]
        peaks = np.abs(correlation(heard, self._aligned, len(heard)))
        peaks = np.concatenate([peaks[-EARLIER:], peaks[: WINDOW - EARLIER]])
        top = int(np.argmax(peaks))
        if not 0 < top < len(peaks) - 1 or peaks[top] < CLEAR * np.sqrt(np.mean(peaks**2)):
            return None
        before, at, after = peaks[top - 1 : top + 2]
        return float(top - EARLIER + 0.5 * (before - after) / (before - 2.0 * at + after))

    def _fit(self) -> None:
        """The median slope between looks that lie far apart: single looks may err."""
        if len(self._looks) < SLOPE_LEAST:
            return
        times, delays = np.array(self._looks).T
        early, late = np.triu_indices(len(times), 1)
        apart = times[late] - times[early]
        far = apart >= (times[-1] - times[0]) / 3
        slope = float(np.median((delays[late] - delays[early])[far] / apart[far]))
        beside = delays - slope * times
        scatter = np.max(np.abs(beside - np.median(beside)))
        if abs(slope) <= FASTEST_PPM * 1e-6 and scatter <= SCATTER:
            self._slope = slope


def _interpolator() -> NDArray[np.float32]:
    """A windowed sinc for each fraction of a sample, shape (PHASES + 1, TAPS)."""
    fractions = np.arange(PHASES + 1)[:, np.newaxis] / PHASES
    at = np.arange(TAPS) - (TAPS / 2 - 1) - fractions
    taps = np.sinc(at) * np.cos(np.pi * at / (TAPS + 1)) ** 2
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)
