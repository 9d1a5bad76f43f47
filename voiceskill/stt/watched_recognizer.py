"""A recogniser that can neither crash nor hang its caller: the engine lives in a thread of its own
and is replaced when it fails."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from queue import SimpleQueue
from typing import Any, TypeVar

from voiceskill.audio.sound import FRAME_BYTES, FRAME_S
from voiceskill.errors import ModelError, RecognizerError
from voiceskill.stt import heap
from voiceskill.stt.recognizer import Expect, Expectation, Final, Partial, Recognizer

OPEN_LIMIT_S = 20.0
"""Loading takes a second; a Raspberry Pi that reads the model from a cold card takes ten."""

SLOW_S = 0.9
"""After so long a person wonders whether anybody listens. An utterance takes 0.4 s."""

SLOWER = 2.0
KNOWN = 3
"""Times as long as the slowest of the last answers is slow, once so many are known: on a small
machine all of them take a second."""

AN_ANSWER_S = 0.05
"""What took less was no recognition."""

STUCK_S = 5.0
"""After so long the engine is given up: who waits in pain says it again."""

TOLERANCE_S_PER_S = 0.5
"""Both limits grow so much with each second of the utterance, the first while answers are not
known: more to hear takes longer."""

MOST_FAILURES = 5
"""So often in a row, and no fresh engine helps; the program ends for its supervisor to see."""

CLOSE_LIMIT_S = 2.0
"""An engine that is busy closes when it is done; nobody waits for one that hangs."""

Answer = TypeVar("Answer")


class WatchedRecognizer:
    """A ``Recognizer`` around another. Not thread-safe."""

    def __init__(self, open_engine: Callable[[], Recognizer], tell: Callable[[str], None]) -> None:
        """Open the engine and pass on what that raises; ``tell`` gets when it is slow.

        Every later failure is a RecognizerError: the utterance is lost, and the next ``begin`` has
        a fresh engine. After MOST_FAILURES utterances lost in a row it is a ModelError.
        """
        self._open_engine = open_engine
        self._tell = tell
        self._expectation = Expectation(Expect.OPEN)
        self._heard_bytes = 0
        self._failures = 0
        self._took_s: deque[float] = deque(maxlen=10)
        """How long the last recognitions took."""
        heap.share_one_arena()
        heap.keep_for_the_next_frame()
        self._worker = _Worker(open_engine)
        try:
            self.name = self._worker.opened.result(OPEN_LIMIT_S)
        except NotDone:
            raise RecognizerError(
                f"The speech engine did not load within {OPEN_LIMIT_S:.0f} s. "
                "Close other programs and start again."
            ) from None

    def expect(self, expectation: Expectation) -> None:
        """Say what is likely to be said in the utterances from now on."""
        self._expectation = expectation

    def begin(self, at: float) -> None:
        """Start an utterance whose first frame lies ``at`` seconds after the start of input."""
        expectation, self._heard_bytes = self._expectation, 0

        def begin(engine: Recognizer) -> None:
            engine.expect(expectation)
            engine.begin(at)

        self._ask(begin)

    def feed(self, frame: bytes) -> Partial | None:
        """Hear one frame; answer with a new partial result where the engine has one."""
        self._heard_bytes += len(frame)
        return self._ask(lambda engine: engine.feed(frame))

    def peek(self) -> Final | None:
        """What the sound so far is, the utterance going on; None where that cannot be told yet."""
        return self._ask(lambda engine: engine.peek())

    def finish(self) -> Final:
        """End the utterance and return what was heard."""
        final = self._ask(lambda engine: engine.finish())
        self._failures = 0
        return final

    def missing_words(self, phrases: Sequence[str]) -> list[str]:
        """The words of the phrases that this engine can never hear, sorted."""
        return self._ask(lambda engine: engine.missing_words(phrases))

    def close(self) -> None:
        """Free what the engine holds; safe to call twice."""
        self._worker.end()
        self._worker.thread.join(CLOSE_LIMIT_S)

    def _ask(self, call: Callable[[Recognizer], Answer]) -> Answer:
        """What the engine answers. Raises RecognizerError, at last ModelError."""
        try:
            self._worker.opened.result(OPEN_LIMIT_S)
            return self._in_time(self._worker.ask(call))
        except NotDone:
            reason = "does not answer"
        except Exception as fault:
            reason = f"failed: {str(fault).rstrip('.')}"
        self._worker.end()
        self._failures += 1
        if self._failures == MOST_FAILURES:
            raise ModelError(
                f"The speech engine {self.name} {reason}, {MOST_FAILURES} times in a row. "
                "Type: voiceskill doctor"
            )
        self._worker = _Worker(self._open_engine)
        raise RecognizerError(f"The speech engine {self.name} {reason}. It is started anew.")

    def _in_time(self, answer: Future[Answer]) -> Answer:
        tolerance_s = self._heard_bytes / FRAME_BYTES * FRAME_S * TOLERANCE_S_PER_S
        slow_s, stuck_s = SLOW_S + tolerance_s, STUCK_S + tolerance_s
        if len(self._took_s) >= KNOWN:
            slow_s = min(slow_s, max(SLOW_S, SLOWER * max(self._took_s)))
        began_at = time.monotonic()
        try:
            result = answer.result(slow_s)
        except NotDone:
            if answer.done():
                raise
            self._tell(f"The speech engine {self.name} is slow.")
            result = answer.result(stuck_s - slow_s)
        took_s = time.monotonic() - began_at
        if took_s > AN_ANSWER_S:
            self._took_s.append(took_s)
        return result


class _Worker:
    """One engine and the thread that it lives in: a daemon, left alone once it is stuck."""

    def __init__(self, open_engine: Callable[[], Recognizer]) -> None:
        self.opened: Future[str] = Future()
        """The name of the engine, or why it could not be opened."""
        self._calls: SimpleQueue[tuple[Callable[[Recognizer], Any], Future[Any]] | None] = (
            SimpleQueue()
        )
        self.thread = threading.Thread(
            target=self._run, args=(open_engine,), name="recogniser", daemon=True
        )
        self.thread.start()

    def ask(self, call: Callable[[Recognizer], Answer]) -> Future[Answer]:
        """Have this done after what was asked before."""
        answer: Future[Answer] = Future()
        self._calls.put((call, answer))
        return answer

    def end(self) -> None:
        """Close the engine when it has done what was asked; does not wait for that."""
        self._calls.put(None)

    def _run(self, open_engine: Callable[[], Recognizer]) -> None:
        try:
            engine = open_engine()
        except BaseException as fault:
            self.opened.set_exception(fault)
            return
        self.opened.set_result(engine.name)
        while (job := self._calls.get()) is not None:
            _serve(engine, *job)
            # What it raised holds on to the engine.
            del job
        engine.close()
        del engine
        heap.give_back()


def _serve(engine: Recognizer, call: Callable[[Recognizer], Any], answer: Future[Any]) -> None:
    try:
        answer.set_result(call(engine))
    except BaseException as fault:
        answer.set_exception(fault)
