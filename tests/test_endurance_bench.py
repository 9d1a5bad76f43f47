"""A leak of 19 MB in two hours was reported as 9, and 60 MB in the first half as none; threads were
compared in the middle of the talk, when all of them were there."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

from benchmarks.left_over import threads, threads_left
from benchmarks.memory import growth

RUN = np.linspace(0.0, 1.0, 48)
"""A value every 150 s of two hours."""


def test_a_steady_leak_is_reported_whole() -> None:
    assert growth(list(300 + 19 * RUN)) == pytest.approx(19)


def test_what_grew_in_the_first_half_only_is_not_hidden() -> None:
    assert growth(list(300 + 60 * np.minimum(1, 2 * RUN))) > 40


def test_what_is_allocated_once_in_the_first_minutes_is_no_growth() -> None:
    assert growth(list(300 + 60 * (RUN > 0.05))) == pytest.approx(0)


def test_the_first_value_of_a_short_run_is_warm_up() -> None:
    assert growth([200, 300, 300, 300]) == pytest.approx(0)


def test_an_engine_that_fills_up_and_is_replaced_is_hardly_growth() -> None:
    assert abs(growth([300 + i % 7 * 4 for i in range(48)])) < 5


def test_two_values_tell_nothing() -> None:
    assert math.isnan(growth([300, 300, 310]))


def test_a_thread_that_ends_soon_is_not_left() -> None:
    before = threads()
    threading.Timer(0.2, lambda: None).start()
    assert threads_left(before, limit_s=5) == 0


def test_a_thread_that_hangs_is_left() -> None:
    before, end = threads(), threading.Event()
    hangs = threading.Thread(target=end.wait)
    hangs.start()
    try:
        assert threads_left(before, limit_s=0.2) == 1
    finally:
        end.set()
        hangs.join()
