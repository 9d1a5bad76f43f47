"""Holds conversations with the real content and the real understanding, on a virtual clock."""

from __future__ import annotations

from functools import cache

from voiceskill.content.labels import BodyPart, Intent
from voiceskill.content.loader import default_content
from voiceskill.content.model import Content
from voiceskill.data_files import data_file
from voiceskill.dialogue.actions import Adjust, End, Hold, Listen, Reply, Say
from voiceskill.dialogue.events import Event, Heard, HoldBroken, HoldEnded, Silence, Unheard
from voiceskill.dialogue.session import Session
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.nlu import Nlu
from voiceskill.textchat import WORDS_A_SECOND

TURN_S = 3.0

TO_THE_STEPS = ("my calf is cramping", "no", "no", "no")
TO_THE_HOLD = (*TO_THE_STEPS, "next", "next", "next")
"""What is said until the calf stretch begins, and until its next step is held."""


@cache
def content() -> Content:
    return default_content()


@cache
def _nlu() -> Nlu:
    levels = {label: symptom.level for label, symptom in content().symptoms.items()}
    return Nlu(load_nlu_content(data_file("prompts/en/nlu")), levels)


@cache
def understand(text: str, expecting: frozenset[Intent] = frozenset()) -> Understanding:
    return _nlu().understand(text, expecting)


class Talk:
    """One conversation; every reply is checked for the rules that all replies keep."""

    def __init__(
        self, region: str | None = None, sought_before: frozenset[BodyPart] = frozenset()
    ) -> None:
        self.session = Session(content(), understand, region=region, sought_before=sought_before)
        self.now = 0.0
        self.replies: list[Reply] = []
        self._take(self.session.start(self.now))

    def say(self, text: str, hold: bool = True) -> Reply:
        """One user turn; holds that follow are counted to their end unless ``hold`` is False."""
        self.happen(Heard(text) if text else Silence())
        while hold and self.is_holding:
            self.now += self._last_hold.seconds
            self.happen(HoldEnded(), 0.0)
        return self.reply

    def happen(self, event: Event, seconds: float = TURN_S) -> Reply:
        """One event, some seconds after the last reply was spoken; words break a hold off."""
        if not isinstance(event, HoldEnded):
            self._turn_began = len(self.replies)
        if self.is_holding and isinstance(event, Heard | Unheard):
            event = HoldBroken(seconds, event)
        self.now += seconds
        self._take(self.session.handle(event, self.now))
        return self.reply

    def mumble(self) -> Reply:
        return self.happen(Unheard())

    @property
    def reply(self) -> Reply:
        return self.replies[-1]

    @property
    def is_holding(self) -> bool:
        return isinstance(self.reply.actions[-1], Hold)

    @property
    def said(self) -> list[str]:
        """The sentences since the person's turn, the cues of holds among them."""
        sentences: list[str] = []
        for reply in self.replies[self._turn_began :]:
            for action in reply.actions:
                if isinstance(action, Say):
                    sentences += action.sentences
                elif isinstance(action, Hold):
                    sentences += [cue.text for cue in action.cues]
        return sentences

    @property
    def prompts(self) -> list[str]:
        """The ids of what was said since the person's turn."""
        replies = self.replies[self._turn_began :]
        return [item.prompt for reply in replies for item in reply.actions if isinstance(item, Say)]

    def adjustments(self) -> list[Adjust]:
        return [item for item in self.reply.actions if isinstance(item, Adjust)]

    _turn_began = 0

    @property
    def _last_hold(self) -> Hold:
        hold = self.reply.actions[-1]
        assert isinstance(hold, Hold)
        return hold

    def _take(self, reply: Reply) -> None:
        assert isinstance(reply.actions[-1], Listen | Hold | End)
        assert not any(isinstance(action, Listen | Hold | End) for action in reply.actions[:-1])
        says = [action for action in reply.actions if isinstance(action, Say)]
        sentences = [sentence for say in says for sentence in say.sentences]
        asking = [sentence for sentence in sentences if sentence.endswith("?")]
        assert asking in ([], sentences[-1:]), f"talks on after asking: {sentences}"
        assert all(say.sources for say in says)
        assert not any("{" in sentence for sentence in sentences)
        self.now += sum(len(sentence.split()) for sentence in sentences) / WORDS_A_SECOND
        self.replies.append(reply)


def in_the_hold() -> Talk:
    """A calf stretch in its counted hold of twenty seconds."""
    talk = Talk()
    for text in TO_THE_HOLD:
        talk.say(text)
    talk.say("next", hold=False)
    assert talk.is_holding
    return talk
