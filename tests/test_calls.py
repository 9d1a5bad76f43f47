"""What wakes by its words. "Help me, I can't breathe" once did not, for "help me" begins many
requests; "I can't breathe without you" did, for it holds a sign of an emergency."""

from __future__ import annotations

import pytest

from voiceskill.calls import Call, Calls
from voiceskill.content.waking import default_waking
from voiceskill.dialogue.events import Heard
from voiceskill.settings import load_settings
from voiceskill.skill import new_session
from voiceskill.understanding import load_nlu

DISTRESS = (
    # A plea before, after and around what is the matter.
    "help me i can't breathe",
    "help me please my chest hurts",
    "help me my heart hurts",
    "help i've fallen",
    "please somebody i've fallen down the stairs",
    "i can't get up please help",
    "oh god i'm bleeding badly help",
    "help my leg",
    "cramp help",
    # Calls.
    "please help",
    "oh my god help me",
    "can you help me please",
    "mum help",
    "can anybody hear me",
    "this is an emergency",
    "dial 911",
    "send an ambulance",
    "i need a doctor",
    # Danger, whoever it is.
    "my husband is having a heart attack",
    "my dad's not breathing",
    "can't breathe",
    "chest pains",
    "short of breath",
    "it hurts to breathe",
    "she stopped breathing",
    "he's having a seizure",
    "he's choking",
    "she won't wake up",
    "i can't wake him up",
    "i'm going to faint",
    "i can't stop the bleeding",
    "my throat is closing up",
    "everything's going black",
    "i've hit my head",
    "i'm on the floor",
    "i can't move",
    # Pain and cramp.
    "it hurts",
    "oh god it hurts",
    "my leg hurts",
    "i'm in a lot of pain",
    "the pain is unbearable",
    "it's cramping",
    "oh no another cramp",
    "calf cramp",
    "my leg my leg",
    "can't bend my knee",
    # Such words in other company.
    "i can't breathe if i lie down",
    "i had a fall and i can't get up",
    "i passed out just now",
    "i think i had a stroke",
    "i had a stroke last year and now my face is drooping again",
    "i've had chest pain since yesterday",
    "i had a stroke and i can't lift my arm",
    "i had a seizure ten minutes ago",
    "my wife said i passed out",
    "mum said i had a fit",
    "my chest always hurts on stairs but this is different",
    "my chest hurts like when i had a heart attack",
    "i'm at school and i can't breathe",
    "when i look in the mirror one side of my face is hanging",
    "my chest pain started three days ago",
    # There now, whatever is said beside it of before.
    "i'm having a heart attack i had one last year",
    "i used to smoke and i have crushing chest pain",
    "my chest hurts i've always had a weak heart",
    "i have chest pain the nurse told me i have to call",
    "i can't breathe my husband always helps me",
    "i had a heart attack in march and i have chest pain",
    "i had a seizure",
    "my leg cramped in the shower",
    "i don't need a doctor i need an ambulance",
)
TALK = (
    "help me find my phone",
    "help me i'm late",
    "help me with my homework",
    "please help me choose a tie",
    "mum help yourself",
    "no chest pain",
    "i don't need an ambulance",
    # A danger that is over, a habit, hearsay, a figure of speech.
    "i had a heart attack",
    "i had a stroke in march",
    "when i was young i had seizures",
    "they said i stopped breathing for two minutes",
    "i always faint when i see blood",
    "i passed out last night",
    "i once fainted at school",
    "my chest hurts when i think of you",
    "i can't breathe without you",
    "i couldn't breathe i laughed so hard",
    "i had a heart attack when i saw the bill",
    "doctors said i was having a stroke but it was a migraine",
    "my room is really cramped",
    "the kitchen is a bit cramped",
    "my back is against the wall",
    "i feel weak in the knees",
    # Somebody else's name.
    "oh catch",
    "catch",
    "they coach",
    "a couch",
    "well coach carter is on tonight",
)


@pytest.fixture(scope="module")
def calls() -> Calls:
    return Calls(default_waking(), load_nlu().understand, "hey coach")


@pytest.mark.parametrize("text", DISTRESS)
def test_distress_wakes_in_few_words(text: str, calls: Calls) -> None:
    assert calls.judge(text) == Call("distress", text)


@pytest.mark.parametrize("text", TALK)
def test_stories_and_favours_do_not_wake(text: str, calls: Calls) -> None:
    assert calls.judge(text) is None


@pytest.mark.parametrize("text", DISTRESS)
def test_whoever_wakes_it_in_distress_is_understood(text: str) -> None:
    reply = new_session(load_settings()).handle(Heard(text), 0.0)
    assert not any(getattr(action, "prompt", "").startswith("no_match") for action in reply.actions)


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("hello coach", ""),
        ("oh hey coach", ""),
        ("well hey coach", ""),
        ("hey coach coach", ""),
        ("hey coach hey coach", ""),
        ("hey coach please", ""),
        ("hello coach help me", "help me"),
        ("coach help me", "help me"),
        ("help hey coach help me", "help me"),
        ("coach i've got a cramp", "i've got a cramp"),
        ("hey coach they hurt", "they hurt"),
    ],
)
def test_mere_address_around_the_wake_phrase_wants_nothing(
    text: str, wants: str, calls: Calls
) -> None:
    assert calls.judge(text) == Call("wake phrase", wants)
