"""The voice in a room. A real renderer hangs when it is suspended; where the moment counts at which
it fails, a stand-in does it, for the real one does not when asked to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.simulated_card import SimulatedCard
from tests.stt.tape import Tape
from tests.tts.renderers import renderers
from voiceskill import speaker as speaker_module
from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.sound import SAMPLE_RATE, Sound
from voiceskill.errors import SleptError, VoiceError
from voiceskill.happenings import Happening, Trouble, WasRendered
from voiceskill.room import Room
from voiceskill.speaker import SPEECH_MARGIN_S, Speaker
from voiceskill.stt.ear import Ear
from voiceskill.stt.vad import VoiceActivity
from voiceskill.tts import pyttsx3_voice
from voiceskill.tts.cache import CachedVoice
from voiceskill.tts.voices import open_voice
from voiceskill.turn_taking import TurnTaking

FIRST, SECOND, THIRD = "Pull your toes up.", "Hold it there.", "Let go slowly."
WPM = 145


class PatientLoudspeaker(FileLoudspeaker):
    """Stands in for a real one, to see how long it would be waited for."""

    waited_s = 0.0

    def wait(self, timeout_s: float) -> bool:
        self.waited_s = timeout_s
        return super().wait(timeout_s)


class BeatingRoom(Room):
    """A simulated room with a microphone that goes on, as a live one does."""

    def __init__(self, at_beat: Callable[[int], None] = lambda count: None) -> None:
        card = SimulatedCard()
        super().__init__(card.microphone, card.loudspeaker)
        self.beats = 0
        self._at_beat = at_beat

    def beat(self) -> None:
        self.beats += 1
        self._at_beat(self.beats)


class StuckVoice:
    """Stands in for a voice that hangs until it is let go, and then does ``at_last``."""

    name = "stuck"

    def __init__(self, at_last: Callable[[], None] = lambda: None) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()
        self._at_last = at_last

    def render(self, text: str, rate_wpm: int) -> Sound:
        self.asked.append(text)
        self.go.wait(60)
        self._at_last()
        return Sound(np.zeros(SAMPLE_RATE, np.int16), SAMPLE_RATE)

    def close(self) -> None:
        self.go.set()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def voice(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[CachedVoice]:
    """The real one, given up sooner when it hangs."""
    monkeypatch.setattr(pyttsx3_voice, "RENDER_LIMIT_S", 1.0)
    opened = open_voice(None, cache=True, folder=tmp_path / "speech", tell=told.append)
    yield opened
    for child in renderers():
        child.resume()
    opened.close()


def renderer() -> psutil.Process:
    (child,) = renderers()
    return child


def fails() -> None:
    raise VoiceError("The voice cannot say a sentence: it failed.")


def test_a_sentence_longer_than_the_margin_is_waited_for_to_its_end(
    voice: CachedVoice, tmp_path: Path
) -> None:
    """With a file for the microphone the next one was begun after five seconds."""
    loudspeaker = PatientLoudspeaker(tmp_path / "said.wav", SAMPLE_RATE)
    quiet = Sound(np.zeros(SAMPLE_RATE, dtype=np.int16), SAMPLE_RATE)
    speaker = Speaker(voice, Room(FileMicrophone(quiet), loudspeaker), WPM, lambda _: None)

    speaker.finish(8.0)

    assert loudspeaker.waited_s == 8.0 + SPEECH_MARGIN_S


def test_a_renderer_that_hangs_holds_up_nobody_who_listens(
    voice: CachedVoice, told: list[str]
) -> None:
    """A "stop" over the voice was noticed five seconds late: the next sentence was being rendered
    in the thread that reads the microphone."""
    happened: list[Happening] = []
    speaker = Speaker(voice, BeatingRoom(), WPM, happened.append)
    renderer().suspend()

    speaker.get_ready(iter([FIRST]))
    is_ready_at_once = voice.cached(FIRST, WPM)
    sound = speaker.rendered(FIRST)

    assert not is_ready_at_once
    assert sound.seconds > 0.5
    assert happened == [Trouble(0.0, "The voice is slow."), WasRendered(0.0, False)]
    assert len(told) == 1
    assert told[0].endswith("It is started anew.")


def test_while_one_is_rendered_the_next_ones_wait_where_they_are(voice: CachedVoice) -> None:
    speaker = Speaker(voice, BeatingRoom(), WPM, lambda _: None)
    coming = iter([FIRST, SECOND, THIRD])
    renderer().suspend()

    for _ in range(3):
        speaker.get_ready(coming)

    assert list(coming) == [SECOND, THIRD]


def test_what_is_kept_does_not_wait_for_a_renderer_that_hangs(voice: CachedVoice) -> None:
    """The call for help is rendered in advance for that very reason."""
    speaker = Speaker(voice, BeatingRoom(), WPM, lambda _: None)
    speaker.rendered(FIRST)
    renderer().suspend()
    speaker.get_ready(iter([SECOND]))

    speaker.rendered(FIRST)

    assert not voice.cached(SECOND, WPM)


def test_after_a_failure_nothing_is_rendered_ahead_until_the_voice_is_back(
    voice: CachedVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each of them would hold up what has to be said."""
    speaker = Speaker(voice, BeatingRoom(), WPM, lambda _: None)
    coming = iter([FIRST, SECOND, THIRD])
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(tmp_path / "nowhere"))
    renderer().kill()

    speaker.get_ready(coming)
    with pytest.raises(VoiceError):
        speaker.rendered(FIRST)
    speaker.get_ready(coming)
    monkeypatch.delenv("ESPEAK_DATA_PATH")
    speaker.rendered(FIRST)
    speaker.get_ready(coming)

    assert list(coming) == [THIRD]
    assert speaker.rendered(SECOND).seconds > 0.5


def test_a_sentence_that_fails_while_it_is_waited_for_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor sees meanwhile that the program waits and does not hang."""
    monkeypatch.setattr(speaker_module, "BEAT_S", 0.01)
    stuck = StuckVoice(fails)
    room = BeatingRoom(lambda count: stuck.go.set() if count == 3 else None)
    speaker = Speaker(CachedVoice(stuck, tmp_path), room, WPM, lambda _: None)

    speaker.get_ready(iter([FIRST]))
    with pytest.raises(VoiceError):
        speaker.rendered(FIRST)

    assert stuck.asked == [FIRST]
    assert room.beats >= 3


def _floor(speaker: Speaker, room: Room) -> TurnTaking:
    return TurnTaking(Ear(Tape(), VoiceActivity()), speaker, room, lambda _: None)


def test_a_sentence_that_could_not_be_begun_is_begun_later_in_the_speech(tmp_path: Path) -> None:
    def let_go(count: int) -> None:
        if count == 10:
            stuck.go.set()
            while any(thread.name == "rendering" for thread in threading.enumerate()):
                time.sleep(0.01)

    stuck, room = StuckVoice(), BeatingRoom(let_go)
    kept = CachedVoice(stuck, tmp_path)
    stuck.go.set()
    kept.render(FIRST, WPM)
    stuck.go.clear()
    speaker = Speaker(kept, room, WPM, lambda _: None)
    floor = _floor(speaker, room)
    coming = iter([THIRD])
    floor.expect_to_say(coming)

    speaker.get_ready(iter([SECOND]))
    floor.speak(FIRST, "greeting")

    assert room.beats > 10
    assert list(coming) == []


def test_a_sleep_of_the_machine_while_a_sentence_is_rendered_is_no_fault_of_the_voice(
    voice: CachedVoice,
) -> None:
    def slept(count: int) -> None:
        raise SleptError("The machine was asleep for 900 s. Sound is opened anew.")

    room = BeatingRoom(slept)
    floor = _floor(Speaker(voice, room, WPM, lambda _: None), room)

    with pytest.raises(SleptError):
        floor.speak(FIRST, "greeting")
