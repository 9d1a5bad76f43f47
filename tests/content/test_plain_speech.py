"""Every line that can be spoken is plain speech for somebody in pain in the dark."""

from __future__ import annotations

import re
from statistics import median

import pytest

from voiceskill.content.checks import all_lines
from voiceskill.content.labels import Urgency
from voiceskill.content.loader import default_content
from voiceskill.content.model import Answer, Line, Question

MAX_WORDS_A_SENTENCE = 15
# About fifteen seconds of calm speech, one breath of listening.
MAX_WORDS_AN_ANSWER = 35
# Whoever is asked about more has forgotten the first.
MAX_OPTIONS = 3
MAX_GRADE = 9.0
MEDIAN_GRADE = 6.0
# The emergency number as it is spoken: "nine nine nine".
SPOKEN_SLOTS = {"number": "nine nine nine"}

LATIN = re.compile(
    r"\b(quadriceps?|gastrocnemius|soleus|intercostals?|abdom\w+|plantar\w*|trapezius|gluteus"
    r"|glutes?|biceps|triceps|tibialis|patella|femoral|lumbar|sternum|thora\w+|cervical"
    r"|oedema|edema|thrombo\w+|embol\w+|rhabdo\w*|neurolog\w+|neuropath\w+|antispasmodics?"
    r"|dystoni\w+|cauda equina|hypocalc\w+|tetany|syncope|dyspnoea|claudication|analges\w+"
    r"|paralys\w+|tremors?|involuntary|musculo\w+|contraindicat\w+|nocturnal|idiopathic)\b",
    re.IGNORECASE,
)
ABBREVIATIONS = re.compile(
    r"\b([A-Z]{2,}|gp|nhs|er|dvt|eg|ie|etc|min|mins|sec|secs|mr|dr|approx)\b"
)
NOT_SPOKEN = re.compile(r"[^A-Za-z ,.'?!:]")
PERHAPS = re.compile(
    r"\b(maybe|perhaps|might|may|possibly|probably|could|consider|should)\b", re.IGNORECASE
)

CONTENT = default_content()
LINES = list(all_lines(CONTENT))


def spoken(text: str) -> str:
    """The text with its slots filled in by words of the usual length."""
    return re.sub(r"\{(\w+)\}", lambda slot: SPOKEN_SLOTS.get(slot[1], "calf"), text)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", spoken(text).lower())


def syllables(word: str) -> int:
    """Groups of vowels, without the silent endings."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$", word)
    return max(1, groups - bool(silent))


def grade(text: str) -> float:
    """Flesch-Kincaid: the school year in which the text can be read."""
    said = words(text)
    sentences = len(re.findall(r"[.?!:](?:\s|$)", text))
    return 0.39 * len(said) / sentences + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def whole(lines: tuple[Line, ...]) -> str:
    return " ".join(line.say for line in lines)


def chunks(answer: Answer) -> list[str]:
    """What is said in one go: the answer, then each "tell me more"."""
    return [whole(answer.lines), *(line.say for line in answer.more)]


def faulty(fault: re.Pattern[str]) -> list[tuple[str, str]]:
    return [(place, line.say) for place, line in LINES if fault.search(spoken(line.say))]


def test_a_sentence_has_at_most_fifteen_words() -> None:
    long = [
        (place, len(words(sentence)), sentence)
        for place, line in LINES
        for sentence in line.sentences
        if len(words(sentence)) > MAX_WORDS_A_SENTENCE
    ]
    assert long == []


def test_digits_symbols_dashes_quotes_and_brackets_are_never_spoken() -> None:
    assert faulty(NOT_SPOKEN) == []


def test_abbreviations_are_never_spoken() -> None:
    assert faulty(ABBREVIATIONS) == []


def test_a_plain_word_stands_for_every_latin_one() -> None:
    assert faulty(LATIN) == []


def test_a_question_ends_what_is_said() -> None:
    assert faulty(re.compile(r"\?.*[A-Za-z]")) == []


def options(question: str) -> int:
    """How many things a question names: "swollen, warm, or a different colour" are three."""
    return 1 + len(re.findall(r",? or |, (?!or |like )", question))


@pytest.mark.parametrize("question", CONTENT.questions.values(), ids=lambda item: item.id)
def test_a_question_names_at_most_three_things(question: Question) -> None:
    for wording in (question.say, question.again):
        asked = re.split(r"(?<=[.?]) ", wording)[-1]
        assert options(asked) <= MAX_OPTIONS, asked


def test_options_are_counted_as_they_are_heard() -> None:
    assert options("Is it swollen, warm, or a different colour?") == 3
    assert options("Any double vision, or a very bad headache?") == 2
    assert options("Do you know what set it off?") == 1
    assert options("Was there something, like sport, heat or little water?") == 3
    assert options("Are you hot, cold, wet or dry?") == 4


def test_an_answer_fits_into_one_breath_of_listening() -> None:
    long = [
        (answer.id, len(words(chunk)), chunk)
        for answer in CONTENT.answers
        for chunk in chunks(answer)
        if len(words(chunk)) > MAX_WORDS_AN_ANSWER
    ]
    assert long == []


def test_an_emergency_is_told_without_a_maybe() -> None:
    outcome = CONTENT.outcomes[Urgency.EMERGENCY]
    lines = (outcome.action, *outcome.meanwhile, outcome.safety_net)
    assert [line.say for line in lines if PERHAPS.search(line.say)] == []


def test_an_emergency_begins_with_the_call() -> None:
    assert CONTENT.outcomes[Urgency.EMERGENCY].action.say.startswith("Call {number} now")


def test_answers_can_be_followed_at_primary_school_level() -> None:
    grades = {chunk: grade(chunk) for answer in CONTENT.answers for chunk in chunks(answer)}
    assert {chunk: year for chunk, year in grades.items() if year > MAX_GRADE} == {}
    assert median(grades.values()) <= MEDIAN_GRADE


def test_the_grade_agrees_with_sums_done_by_hand() -> None:
    # Six words of one syllable in one sentence: 0.39 * 6 + 11.8 - 15.59.
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    # Six of one syllable in two sentences: 0.39 * 3 + 11.8 - 15.59.
    assert grade("Hold the wall. Bend your knee.") == pytest.approx(-2.62)
    assert grade("Physicians recommend antispasmodic medication.") > MAX_GRADE
