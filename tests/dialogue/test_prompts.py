"""The prompts of lines.yaml and the code that says them belong together."""

from __future__ import annotations

import re
from pathlib import Path

import voiceskill
from tests.dialogue.talk import Talk, content
from voiceskill.content.labels import Side, Urgency

PACKAGE = Path(voiceskill.__file__).parent
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")))
QUOTED = set(re.findall(r'"([a-z_0-9]+)"', SOURCE))

NUMBERED = {
    f"{name}_{number}"
    for name in ("no_match_idle", "no_input_idle", "where_again", "check_in_again")
    for number in (1, 2)
}
FROM_DATA = {
    *(f"count_{second}" for second in range(61)),
    *(f"unknown_{slot}" for slot in ("number", "part", "stretch", "symptom", "cramped", "sore")),
    *(f"{what}_{side.value}" for what in ("side", "part") for side in Side),
    *(f"reason_{kind}_{level.value}" for kind in ("any", "unsure") for level in Urgency),
    *(answer.offer for answer in content().answers if answer.offer),
    *(prompt for symptom in content().symptoms.values() for prompt in symptom.meanwhile),
    *(symptom.when_gone for symptom in content().symptoms.values() if symptom.when_gone),
}


def test_no_prompt_is_an_orphan() -> None:
    said = QUOTED | NUMBERED | FROM_DATA
    assert sorted(content().prompts.keys() - said) == []


def test_every_prompt_that_can_be_built_is_there() -> None:
    levels = [level for level in Urgency if level is not Urgency.SELF_CARE]
    built = {f"reason_{kind}_{level.value}" for kind in ("any", "unsure") for level in levels}
    assert sorted((NUMBERED | built) - content().prompts.keys()) == []


def test_every_said_prompt_is_there() -> None:
    said = set(re.findall(r'(?:turn\.say|_once_more\(turn,|prompts)[\[(]? ?"([a-z_0-9]+)"', SOURCE))
    assert len(said) > 40
    assert sorted(said - content().prompts.keys()) == []


def test_every_list_of_likely_words_is_there() -> None:
    named = set(re.findall(r'"(listen_[a-z_]+)"', SOURCE)) - {"listen_open()"}
    phrases = content().phrases
    assert sorted(name for name in named if name not in phrases) == []


def test_every_region_gets_its_own_number() -> None:
    for region in content().regions.values():
        talk = Talk(region.code.lower())
        talk.say("call an ambulance")
        assert talk.said[0] == f"Call {region.number} now."
