"""The memory that replaced engines leave behind: a process of its own, whose C library is asked."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from voiceskill.stt import heap

ARENAS = """
import ctypes, os, tempfile, threading
from voiceskill.stt import heap
{before}
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p
done = threading.Barrier(4)
def hold():
    c.malloc(ctypes.c_size_t(1000))
    done.wait(10)
threads = [threading.Thread(target=hold) for _ in range(3)]
for thread in threads:
    thread.start()
done.wait(10)
for thread in threads:
    thread.join()
c.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile("r") as report:
    out = ctypes.c_void_p(c.fopen(report.name.encode(), b"w"))
    c.malloc_info(0, out)
    c.fclose(out)
    print(report.read().count("<heap nr="))
"""

GIVEN_BACK = """
import ctypes, psutil
from voiceskill.stt import heap
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p
# Pieces too small to be mapped one by one; the last one keeps the end of the heap in use.
pieces = [ctypes.c_void_p(c.malloc(ctypes.c_size_t(60_000))) for _ in range(1000)]
for piece in pieces:
    ctypes.memset(piece, 1, 60_000)
for piece in pieces[:-1]:
    c.free(piece)
before = psutil.Process().memory_info().rss
heap.give_back()
print((before - psutil.Process().memory_info().rss) // 1_000_000)
"""

FAULTS = """
import ctypes, resource
from voiceskill.stt import heap
{before}
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p
def frames(count):
    for _ in range(count):
        pieces = [ctypes.c_void_p(c.malloc(ctypes.c_size_t(150_000))) for _ in range(5)]
        for piece in pieces:
            ctypes.memset(piece, 1, 150_000)
        for piece in pieces:
            c.free(piece)
frames(10)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
frames(100)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""

asks_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="asks glibc")


def _run(script: str) -> int:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    return int(done.stdout)


@asks_glibc
def test_all_threads_share_one_arena() -> None:
    assert _run(ARENAS.format(before="")) > 1
    assert _run(ARENAS.format(before="heap.share_one_arena()")) == 1


@asks_glibc
def test_what_one_frame_frees_the_next_one_takes() -> None:
    """Pages that 100 frames fetch anew."""
    assert _run(FAULTS.format(before="")) > 1_000
    assert _run(FAULTS.format(before="heap.keep_for_the_next_frame()")) < 100


@asks_glibc
def test_what_was_freed_goes_back_to_the_system() -> None:
    """All of it but the last piece: 60 MB."""
    assert _run(GIVEN_BACK) > 50


def test_where_the_c_library_is_another_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("ctypes.CDLL", None)

    heap.share_one_arena()
    heap.keep_for_the_next_frame()
    heap.give_back()
