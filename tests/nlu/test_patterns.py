"""Patterns find what hassil itself says that a template stands for, no more and no less."""

from __future__ import annotations

import pytest
from hassil.expression import Sentence
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_sentence
from hypothesis import given
from hypothesis import strategies as st

from voiceskill.errors import ContentError
from voiceskill.nlu.patterns import Patterns

RULES = {"part": "(calf|lower leg|foot)", "my": "(my|the [left])", "mine": "<my> <part>"}
TEMPLATES = [
    "[please] stop",
    "stop [it] [now]",
    "(a|the [big]) cramp[s]",
    "<my> <part> [is] (tight|cramp(ed|ing))",
    "[oh] [no] <mine>",
    "(one|two|[only] three) [more] (second|minute)[s] left",
]


def sampled(template: str) -> set[str]:
    rules: dict[str, Sentence] = {name: parse_sentence(text) for name, text in RULES.items()}
    texts = sample_sentence(parse_sentence(template), expansion_rules=rules)
    return {" ".join(text.split()) for text in texts}


@pytest.mark.parametrize("template", TEMPLATES)
def test_everything_that_hassil_samples_matches(template: str) -> None:
    patterns = Patterns([template], RULES)
    assert all(patterns.matches(text) for text in sampled(template))


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_else_matches(template: str) -> None:
    patterns = Patterns([template], RULES)
    ours = sampled(template)
    others = set().union(*(sampled(other) for other in TEMPLATES)) - ours
    spoilt = (
        {text + "x" for text in ours} | {"x" + text for text in ours} | {f"{t} t" for t in ours}
    )
    assert not [text for text in others | (spoilt - ours) if patterns.matches(text)]


@pytest.mark.parametrize("template", TEMPLATES)
def test_spans_are_on_word_boundaries_and_free_of_spaces(template: str) -> None:
    patterns = Patterns([template], RULES)
    for text in sampled(template):
        found = patterns.spans(f"so {text} yes")
        assert found[0] == (3, 3 + len(text))
        assert patterns.longest(f"so {text} yes") == len(text)
    assert patterns.spans("xstopx") == []


def test_the_longest_template_wins_where_two_begin() -> None:
    patterns = Patterns(["lower", "lower back", "back"], {})
    assert patterns.spans("my lower back") == [(3, 13)]


@pytest.mark.parametrize(
    "template", ["(a", "a]", "<nothing>", "", "{list}", "(a;b)", "<loop>", "a <loop>"]
)
def test_a_bad_template_is_named(template: str) -> None:
    with pytest.raises(ContentError) as fault:
        Patterns([template], {"loop": "x <loop>"})
    assert f"'{template}'" in str(fault.value)


def test_no_templates_match_nothing() -> None:
    assert not Patterns([], {}).matches("")
    assert Patterns([], {}).longest("anything") == 0


@given(st.text(alphabet="abst op", max_size=40))
def test_any_text_may_be_searched(text: str) -> None:
    patterns = Patterns(["[a] stop [b]"], {})
    assert patterns.longest(text) <= len(text)
