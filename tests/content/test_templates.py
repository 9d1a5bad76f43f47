"""Every template outside the nlu can be compiled: a bad one would else only show in use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from voiceskill.content.loader import default_content
from voiceskill.nlu.patterns import Patterns


def _templates() -> Iterator[tuple[str, str]]:
    content = default_content()
    for question in content.questions.values():
        for template in (*question.yes, *question.no, *question.unsure):
            yield f"questions {question.id}", template
    for answer in content.answers:
        yield from ((f"answers {answer.id}", template) for template in answer.about)
    for position in content.positions:
        for template in (*position.words, *position.cannot):
            yield f"positions {position.name}", template
    for place in content.places:
        for template in (*place.words, *place.left, *place.alarm, *place.cry):
            yield f"places {place.id}", template
    yield from _templates_in_context()


def _templates_in_context() -> Iterator[tuple[str, str]]:
    content = default_content()
    for inference in content.inferences:
        for template in (*inference.words, *inference.unless):
            yield f"inferences {inference.id}", template
    for remark in content.remarks:
        yield from ((f"remarks {remark.id}", template) for template in remark.words)


def test_every_template_compiles() -> None:
    for where, template in _templates():
        try:
            Patterns([template], {}).matches("anything")
        except Exception as fault:
            pytest.fail(f"{where}: {template}: {fault}")


def test_no_question_takes_the_same_words_for_yes_and_for_no() -> None:
    for question in default_content().questions.values():
        assert not set(question.yes) & set(question.no), question.id
        assert not set(question.unsure) & set(question.no), question.id


def test_every_question_is_asked_somewhere() -> None:
    content = default_content()
    asked = {*content.self_care_questions, *content.full_check}
    for item in content.question_sets:
        asked |= {*item.before, *item.if_room, *item.after, *item.instead.values()}
        asked |= {name for names in item.with_known.values() for name in names}
    for symptom in content.symptoms.values():
        asked |= {*symptom.brings}

    assert asked == content.questions.keys()


def test_the_signs_of_the_article_are_asked_before_self_care() -> None:
    content = default_content()
    asked = {
        symptom.value
        for name in content.self_care_questions
        for symptom in content.questions[name].asserts
    }

    assert asked >= {
        "severe_pain", "persistent_pain", "swelling", "redness", "skin_change", "weakness",
        "frequent_spasms", "unknown_cause", "self_care_failed",
    }  # fmt: skip
