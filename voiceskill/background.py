"""A call in a thread of its own, for whoever has something else to do meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def in_background(call: Callable[[], Result], name: str) -> Future[Result]:
    """What ``call`` will return or raise. Its thread, called ``name``, ends with it; the program
    does not wait for one that hangs."""
    done: Future[Result] = Future()

    def run() -> None:
        try:
            done.set_result(call())
        except BaseException as fault:
            done.set_exception(fault)

    threading.Thread(target=run, name=name, daemon=True).start()
    return done
