"""The plain ways to wait: for anything, for a part of the body, for a safe place, for nothing."""

from __future__ import annotations

from voiceskill.dialogue.advice import Advice
from voiceskill.dialogue.state import State, Waiting
from voiceskill.dialogue.turn import OPEN_S, PLACE_S, Turn
from voiceskill.stt.recognizer import Expect


class Waits:
    """Ends a reply by waiting. Every method does."""

    def __init__(self, state: State, advice: Advice) -> None:
        self._state = state
        self._advice = advice

    def listen_open(self, turn: Turn) -> None:
        """Wait for anything."""
        self._state.waiting = Waiting.OPEN
        turn.listen(Expect.OPEN, "listen_open", OPEN_S)

    def ask_where(self, turn: Turn, prompt: str = "where") -> None:
        """Ask which part of the body it is."""
        self._state.waiting = Waiting.WHERE
        turn.say(prompt)
        turn.listen_for_part()

    def say_place(self, turn: Turn) -> None:
        """How to get safe, then wait for it."""
        place = self._state.place
        for line in place.lines if place else ():
            turn.line(place.id if place else "", line)
        self.wait_for_safety(turn)

    def still_there(self, turn: Turn, times: int) -> None:
        """What to do there until they are out of it, another line each of the ``times``."""
        place = self._state.place
        if place:
            turn.line(place.id, place.still[(times - 1) % len(place.still)])
        self.wait_for_safety(turn)

    def wait_for_safety(self, turn: Turn) -> None:
        """Wait until the person is safe."""
        self._state.waiting = Waiting.PLACE
        turn.listen(Expect.COMMAND, "listen_place", PLACE_S)

    def safe_close(self, turn: Turn) -> None:
        """Nobody answers: the safety net, then the end."""
        turn.say("safe_close")
        self._advice.safety_net(turn)
        self._state.waiting = Waiting.ENDED
        turn.end()
