"""What holds in every conversation, whatever is said: random walks through all states."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.dialogue.talk import Talk, content, understand
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.events import Event, Heard, HoldBroken, HoldEnded, Silence, Unheard

CRAMPS = (
    "my calf is cramping",
    "i have a cramp",
    "my left hamstring has seized up",
    "talk me through a stretch for my neck",
    "cramp in my hand",
    "my chest is cramping",
    "my back is in spasm",
    "left foot",
    "give me a bedtime stretch",
    "i'm driving and my leg is cramping",
    "i'm swimming and my calf cramped",
)
ANSWERS = ("yes", "no", "not sure", "i think so", "better", "worse", "it's the same", "okay")
CONTROLS = (
    "next", "back", "repeat", "pause", "resume", "stop", "start over", "slower", "faster",
    "louder", "quieter", "how long left", "help", "thanks", "hello", "skip", "tell me more",
)  # fmt: skip
QUESTIONS = (
    "what is a muscle spasm",
    "heat or ice",
    "does magnesium help",
    "should i see a doctor",
    "check my leg",
    "how can i prevent cramps at night",
)
POSITIONS = ("i can't stand", "i'm in bed", "i'm sitting down", "on the floor", "another way")
OTHER = ("play some jazz", "", "???", "it hurts more", "i'm fine", "i've pulled over", "ow", "🙂")
SIGNS = (
    "my leg is swollen",
    "it's red and hot",
    "i feel weak in that leg",
    "i keep getting cramps",
    "i'm pregnant",
    "my pee is dark like cola",
    "no chest pain",
    "it isn't swollen",
)
EMERGENCIES = (
    "i have chest pain",
    "i can't breathe",
    "my face is drooping",
    "call an ambulance",
    "my words are slurred",
)
NO_WORDS = (Silence(), Unheard(), HoldEnded(), HoldBroken(3.0))
SPOKEN = (
    CRAMPS + ANSWERS * 3 + CONTROLS + QUESTIONS + POSITIONS + OTHER + SIGNS + EMERGENCIES
    + ("next", "no") * 8
)  # fmt: skip
ANYTHING = st.sampled_from(tuple(Heard(text) for text in SPOKEN) + NO_WORDS * 4)
BABBLE = st.builds(Heard, st.text(max_size=20))
SWOLLEN = {Symptom.SWELLING, Symptom.REDNESS, Symptom.WARMTH}
STRETCHES = {stretch.id for stretch in content().stretches}

LONGEST_SILENCE = 80
"""Events without a word after which a conversation counts as endless."""

CONVERSATIONS = 2500
"""At least so many are held in each of two tests, for two processes."""

WALKS = 1300
"""A walk that comes to an end goes on with another conversation: about two are held in each."""


SOME_WALKS = 100


class AnyConversation(RuleBasedStateMachine):
    """Says anything at any time."""

    held: ClassVar[int] = 0
    """Conversations so far."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        type(self).held += 1
        self.talk = Talk()
        self.urgency: Urgency | None = None
        self.swollen = False

    @precondition(lambda self: not self.talk.reply.status.ended)
    @rule(event=ANYTHING | BABBLE, seconds=st.sampled_from([1.0, 3.0, 40.0]))
    def happen(self, event: Event, seconds: float) -> None:
        reply = self.talk.happen(event, seconds)
        if not isinstance(event, Heard):
            return
        self.swollen = self.swollen or bool(SWOLLEN & understand(event.text).symptoms)
        if event.text in EMERGENCIES:
            first = next(action for action in reply.actions if isinstance(action, Say))
            assert reply.status.topic == "emergency"
            assert reply.status.urgency is Urgency.EMERGENCY
            # The number is that of the country, once one was said.
            assert re.fullmatch(r"Call .+ now\.", first.sentences[0])

    @precondition(lambda self: self.talk.reply.status.ended)
    @rule(event=ANYTHING)
    def begin_anew(self, event: Event) -> None:
        """What has ended stays so; the rest of the walk is another conversation."""
        assert self.talk.happen(event).status.ended
        self.begin()

    def teardown(self) -> None:
        """Every conversation can be ended, and ends by itself when nobody speaks any more."""
        if self.talk.reply.status.ended:
            return
        if len(self.talk.replies) % 2:
            assert self.talk.happen(Heard("goodbye")).status.ended
            return
        for _ in range(LONGEST_SILENCE):
            event = HoldEnded() if self.talk.is_holding else Silence()
            if self.talk.happen(event, 60.0).status.ended:
                return
        raise AssertionError("the conversation does not end")

    @invariant()
    def urgency_never_goes_down(self) -> None:
        urgency = self.talk.reply.status.urgency
        if self.urgency:
            assert urgency
            assert urgency.rank >= self.urgency.rank
        self.urgency = urgency

    @invariant()
    def nothing_is_stretched_that_is_swollen(self) -> None:
        if not self.swollen:
            return
        assert self.talk.reply.status.mode != "stretch" or (
            self.talk.reply.status.topic not in STRETCHES
        )

    @invariant()
    def something_is_said_or_listened_to(self) -> None:
        assert self.talk.reply.actions

    @invariant()
    def asks_are_those_of_the_open_question(self) -> None:
        status = self.talk.reply.status
        if status.mode == "triage" and status.topic in content().questions:
            assert status.asks == content().questions[status.topic].asserts
        else:
            assert status.asks == ()
        assert (status.asks_if is None) == (not status.asks)

    @invariant()
    def the_end_is_shown_as_the_end(self) -> None:
        status = self.talk.reply.status
        assert status.ended == (status.mode == "ended")


class AnyOtherConversation(AnyConversation):
    """The other half."""

    held: ClassVar[int] = 0


class SomeConversation(AnyConversation):
    """A few of them in the quick run."""

    held: ClassVar[int] = 0


def _settings(walks: int) -> settings:
    return settings(
        max_examples=walks,
        stateful_step_count=20,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class TestSomeConversation(SomeConversation.TestCase):
    settings = _settings(SOME_WALKS)


@pytest.mark.slow
class TestAnyConversation(AnyConversation.TestCase):
    settings = _settings(WALKS)

    def runTest(self) -> None:  # noqa: N802, the name is unittest's
        super().runTest()
        assert AnyConversation.held >= CONVERSATIONS


@pytest.mark.slow
class TestAnyOtherConversation(AnyOtherConversation.TestCase):
    settings = _settings(WALKS)

    def runTest(self) -> None:  # noqa: N802, the name is unittest's
        super().runTest()
        assert AnyOtherConversation.held >= CONVERSATIONS
