"""One command measures all that is held against a bar: nothing is left out of "all"."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import ON_REQUEST, SECTIONS, sections


def test_all_is_every_section_and_without_a_word_those_of_minutes() -> None:
    assert sections(["all"]) == list(SECTIONS)
    assert set(sections([])) == set(SECTIONS) - ON_REQUEST
    assert sections(["long", "text"]) == ["long", "text"]


def test_an_unknown_section_is_named() -> None:
    with pytest.raises(SystemExit, match="no section 'txet'"):
        sections(["txet"])
