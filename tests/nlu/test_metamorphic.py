"""What must not change a meaning does not, and what must raise the urgency does. (That "no" before
a bare sign takes it away is with the signs, in test_symptoms.py.)"""

from __future__ import annotations

import pytest

from tests.nlu.score import english
from tests.nlu.test_labels import SAID
from voiceskill.content.labels import Intent, Urgency

PADDINGS = ("um {}", "please {}", "maria {}", "{} thank you", "uh {} please", "okay so {}")
"""Small words around what is meant."""
NOT_PADDED = (Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.HELP, Intent.NONE)
"""Where a name or thanks is part of what is said."""
KEPT = 0.97
"""Of meanings with small words around them; that it is an emergency never changes."""
RANK = (None, *Urgency)


def texts_of(*kinds: str) -> list[str]:
    """All that is said for labels of these kinds."""
    return [text for kind in kinds for said in SAID[kind].values() for text in said]


def test_small_words_around_it_leave_the_intent_as_it_was() -> None:
    padded = [
        (text, padding.format(text))
        for intent, said in SAID["intents"].items()
        if Intent(intent) not in NOT_PADDED
        for text in said
        for padding in PADDINGS
    ]
    changed = [
        more
        for text, more in padded
        if english().understand(more).intent is not english().understand(text).intent
    ]
    assert len(changed) <= (1 - KEPT) * len(padded), changed


def test_small_words_around_it_leave_part_side_and_signs_as_they_were() -> None:
    changed, count = [], 0
    for text in texts_of("body_parts", "sides", "symptoms"):
        plain = english().understand(text)
        for padding in PADDINGS:
            more = english().understand(padding.format(text))
            alarm = Urgency.EMERGENCY
            assert (more.urgency is alarm) is (plain.urgency is alarm), more.text
            meant = (plain.body_part, plain.side, plain.symptoms)
            count += 1
            if (more.body_part, more.side, more.symptoms) != meant:
                changed.append(more.text)
    assert len(changed) <= (1 - KEPT) * count, changed


@pytest.mark.parametrize(
    "danger", ["I can't breathe.", "And my chest hurts.", "My leg is swollen."]
)
def test_one_more_sign_never_lowers_the_urgency(danger: str) -> None:
    alone = english().understand(danger).urgency
    for text in texts_of(*SAID):
        before = english().understand(text).urgency
        after = english().understand(f"{text}. {danger}").urgency
        assert RANK.index(after) >= max(RANK.index(before), RANK.index(alone)), text
