"""What holds in every conversation, whatever is said: random walks through all states."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.dialogue.talk import Talk, content, understand
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.dialogue.actions import Say
from voiceskill.dialogue.events import Heard, HoldEnded, Silence, Unheard

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
ANYTHING = st.sampled_from(
    CRAMPS + ANSWERS * 3 + CONTROLS + QUESTIONS + POSITIONS + OTHER + SIGNS + ("next", "no") * 8
)
SWOLLEN = {Symptom.SWELLING, Symptom.REDNESS, Symptom.WARMTH}
STRETCHES = {stretch.id for stretch in content().stretches}


class AnyConversation(RuleBasedStateMachine):
    """Says anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.urgency: Urgency | None = None
        self.swollen = False

    @rule(text=ANYTHING, seconds=st.sampled_from([1.0, 3.0, 40.0]))
    def speak(self, text: str, seconds: float) -> None:
        self.swollen = self.swollen or bool(SWOLLEN & understand(text).symptoms)
        self.talk.happen(Heard(text), seconds)

    @rule(text=st.text(max_size=40))
    def babble(self, text: str) -> None:
        self.talk.happen(Heard(text))

    @rule(event=st.sampled_from([Silence(), Unheard(), HoldEnded()]))
    def no_words(self, event: Silence | Unheard | HoldEnded) -> None:
        self.talk.happen(event, 8.0)

    @precondition(lambda self: not self.talk.reply.status.ended)
    @rule(text=st.sampled_from(EMERGENCIES))
    def emergency(self, text: str) -> None:
        reply = self.talk.happen(Heard(text))
        assert reply.status.topic == "emergency"
        assert reply.status.urgency is Urgency.EMERGENCY
        first = next(action for action in reply.actions if isinstance(action, Say))
        assert first.sentences[0] == "Call your emergency number now."

    @precondition(lambda self: not self.talk.reply.status.ended)
    @rule()
    def fall_silent(self) -> None:
        """Every conversation ends by itself when nobody speaks any more."""
        for _ in range(80):
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


TestAnyConversation = AnyConversation.TestCase
TestAnyConversation.settings = settings(
    max_examples=400,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
