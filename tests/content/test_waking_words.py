"""The small lists about unfinished utterances and calls for help fit the rest of what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceskill.content.loader import default_content, load_yaml
from voiceskill.content.unfinished import Unfinished, default_unfinished
from voiceskill.errors import ContentError


@pytest.mark.parametrize(
    "text",
    ["it's in the back of my", "and", "i can't", "my leg hurts because", "it's cramping and"],
)
def test_who_stops_in_mid_sentence_is_about_to_go_on(text: str) -> None:
    assert default_unfinished().matches(text)


@pytest.mark.parametrize("text", ["", "no", "yes it is", "in my calf", "no i'm not", "go on"])
def test_an_answer_is_finished(text: str) -> None:
    assert not default_unfinished().matches(text)


def test_nothing_that_is_listened_for_counts_as_unfinished() -> None:
    content = default_content()
    lists = [words for name, words in content.phrases.items() if name.startswith("listen_")]
    phrases = [phrase for words in (*lists, content.phrases["early"]) for phrase in words]
    unfinished = default_unfinished()
    assert [phrase for phrase in phrases if unfinished.matches(phrase)] == []


def test_an_ending_that_no_recogniser_writes_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "unfinished.yaml"
    file.write_text("endings:\n  - my\n  - And,\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"unfinished\.yaml:3: endings\.1"):
        load_yaml(file, Unfinished)
