"""An engine that crashes or hangs in the middle of a conversation: stand-ins, for no real engine
does it when asked to. The real one behind the same door is tested last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from voiceskill.errors import ModelError, RecognizerError
from voiceskill.stt import watched_recognizer
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial, Recognizer
from voiceskill.stt.watched_recognizer import WatchedRecognizer
from voiceskill.stt.whisper_engine import WhisperRecognizer

FRAME = b"\0\0" * 512
COMMAND = Expectation(Expect.COMMAND, ("stop",))


class Engine:
    """Says back how it was used; does ``mischief`` when it is to finish."""

    name = "stand-in"

    def __init__(self, mischief: Callable[[], None] = lambda: None) -> None:
        self.mischief = mischief
        self.expected: Expectation | None = None
        self.frames = 0
        self.threads = {threading.get_ident()}
        self.closed = threading.Event()

    def expect(self, expectation: Expectation) -> None:
        self.expected = expectation

    def begin(self, at: float) -> None:
        self.at, self.frames = at, 0

    def feed(self, frame: bytes) -> Partial | None:
        self.threads.add(threading.get_ident())
        self.frames += 1
        return Partial("st", self.at) if self.frames == 2 else None

    def peek(self) -> Final | None:
        return Final("sto", 1.0, self.at, self.at)

    def finish(self) -> Final:
        self.mischief()
        return Final(f"{self.frames} frames", 1.0, self.at, self.at)

    def missing_words(self, phrases: Sequence[str]) -> list[str]:
        return sorted(phrases)

    def close(self) -> None:
        self.closed.set()


class Bench:
    """Watched engines, one after the other, the first ones with a fault."""

    def __init__(self, *mischiefs: Callable[[], None]) -> None:
        self._mischiefs = list(mischiefs)
        self.opened: list[Engine] = []
        self.told: list[str] = []
        self.watched = WatchedRecognizer(self._open, self.told.append)

    def _open(self) -> Recognizer:
        mischief = self._mischiefs.pop(0) if self._mischiefs else lambda: None
        self.opened.append(Engine(mischief))
        return self.opened[-1]

    def hear(self, frames: int = 2) -> str:
        self.watched.begin(1.0)
        for _ in range(frames):
            self.watched.feed(FRAME)
        return self.watched.finish().text


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, sooner."""
    monkeypatch.setattr(watched_recognizer, "SLOW_S", 0.2)
    monkeypatch.setattr(watched_recognizer, "STUCK_S", 0.5)


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """Waited for by an engine that hangs; let go after the test."""
    event = threading.Event()
    yield event
    event.set()


def _raise() -> None:
    raise RuntimeError("out of memory.")


def test_a_healthy_engine_is_passed_through_and_lives_in_one_thread_of_its_own() -> None:
    bench = Bench()
    watched = bench.watched
    watched.expect(COMMAND)
    watched.begin(3.0)
    assert [watched.feed(FRAME), watched.feed(FRAME)] == [None, Partial("st", 3.0)]
    assert watched.peek() == Final("sto", 1.0, 3.0, 3.0)
    assert watched.finish() == Final("2 frames", 1.0, 3.0, 3.0)
    assert (watched.name, watched.missing_words(["b", "a"])) == ("stand-in", ["a", "b"])
    (engine,) = bench.opened
    assert engine.expected == COMMAND
    assert len(engine.threads - {threading.get_ident()}) == len(engine.threads) == 1
    watched.close()
    watched.close()
    assert engine.closed.is_set()
    assert bench.told == []


def test_an_engine_that_raises_costs_one_utterance() -> None:
    bench = Bench(_raise)
    bench.watched.expect(COMMAND)
    with pytest.raises(RecognizerError, match="failed: out of memory"):
        bench.hear()
    assert bench.hear() == "2 frames"
    assert bench.opened[1].expected == COMMAND
    assert bench.opened[0].closed.wait(5.0), "the broken engine keeps its memory"
    bench.watched.close()


@pytest.mark.usefixtures("hurried")
def test_an_engine_that_hangs_is_told_then_given_up_and_left_alone(stuck: threading.Event) -> None:
    bench = Bench(lambda: stuck.wait(60) and None)
    with pytest.raises(RecognizerError, match="does not answer"):
        bench.hear()
    assert bench.told == ["The speech engine stand-in is slow."]
    assert bench.hear() == "2 frames"
    begun = time.monotonic()
    bench.watched.close()
    assert time.monotonic() - begun < 10
    stuck.set()
    assert bench.opened[0].closed.wait(5.0), "once it comes back it closes itself"


@pytest.mark.usefixtures("hurried")
def test_a_slow_engine_is_told_and_heard(stuck: threading.Event) -> None:
    bench = Bench(lambda: stuck.wait(0.35) and None)
    assert bench.hear() == "2 frames"
    assert bench.told == ["The speech engine stand-in is slow."]
    bench.watched.close()


@pytest.mark.usefixtures("hurried")
def test_an_engine_is_slow_sooner_once_it_is_known_how_long_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    takes_s = iter([0.3, 0.06, 0.06, 0.06, 0.3])
    bench = Bench(lambda: time.sleep(next(takes_s)))
    bench.hear(frames=100)  # 3.2 s: more to hear may take longer
    assert bench.told == []
    for _ in range(3):
        bench.hear()
    monkeypatch.setattr(watched_recognizer, "SLOWER", 0.5)  # of the 0.3 s: less than SLOW_S
    bench.hear(frames=100)
    assert bench.told == ["The speech engine stand-in is slow."]
    bench.watched.close()


def test_an_engine_that_cannot_be_opened_says_why_and_is_tried_again_later() -> None:
    engines: list[ModelError | Engine] = [Engine(_raise), ModelError("no model"), Engine()]

    def open_engine() -> Recognizer:
        engine = engines.pop(0)
        if isinstance(engine, ModelError):
            raise engine
        return engine

    watched = WatchedRecognizer(open_engine, lambda what: None)
    watched.begin(0.0)
    with pytest.raises(RecognizerError, match="out of memory"):
        watched.finish()
    with pytest.raises(RecognizerError, match="no model"):
        watched.begin(0.0)
    watched.begin(0.0)
    assert watched.finish().text == "0 frames"
    watched.close()


def test_an_engine_that_always_fails_ends_the_program() -> None:
    bench = Bench(*[_raise] * 10)
    for _ in range(watched_recognizer.MOST_FAILURES - 1):
        with pytest.raises(RecognizerError):
            bench.hear()
    with pytest.raises(ModelError, match="5 times in a row"):
        bench.hear()
    bench.watched.close()
    assert all(engine.closed.wait(5.0) for engine in bench.opened)


def test_at_the_start_the_engines_own_fault_is_told() -> None:
    def open_engine() -> Recognizer:
        raise ModelError("there is no model")

    with pytest.raises(ModelError, match="there is no model"):
        WatchedRecognizer(open_engine, lambda what: None)


def test_the_real_engine_hears_the_same_behind_the_door() -> None:
    watched = WatchedRecognizer(WhisperRecognizer, lambda what: None)
    try:
        watched.begin(0.0)
        watched.feed(FRAME)
        assert watched.finish().text == ""
        assert watched.name == "whisper"
    finally:
        watched.close()
