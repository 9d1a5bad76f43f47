"""Tells whether a text is meant for an assistant that sleeps: the wake phrase, or a call for help
in a person's own distress. Pure: text in, answer out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from voiceskill.content.labels import Intent, Urgency
from voiceskill.content.waking import Waking
from voiceskill.nlu.meaning import Understanding
from voiceskill.nlu.normalise import normalise
from voiceskill.nlu.patterns import Patterns
from voiceskill.nlu.sound_alike import SoundAlike

ALIKE = 0.75
"""How alike words must sound to the wake phrase, without its "hey": "couch" sounds like "coach",
"josh" and "coke" do not."""

LONGEST_COMPLAINT_WORDS = 16
"""People in pain are short; a longer text is a story, unless it is one of life and death."""

LONGEST_REPEATED_WORDS = 5
"""Whoever calls again and again says "somebody please help me", and no more."""

LEAST_CONFIDENCE = 0.5
"""A cry is misheard often ("ow my cuff"), and then understood with 0.55 at most."""

LEAST_CONFIDENCE_OF_DANGER = 0.6
"""Danger said by a stranger on television sounds alike; it has to be understood well."""

NOT_FOR_US = (Intent.NONE, Intent.GREET)
"""What may well follow words that only sound like the wake phrase."""

DANGER_INTENTS = (Intent.EMERGENCY, Intent.REPORT_SYMPTOM)


class Call(NamedTuple):
    """What a text that wakes wants."""

    reason: str
    """"wake phrase" or "distress"."""
    wants: str
    """What has to be answered: empty after the bare wake phrase."""


class Calls:
    """Judges texts in one language."""

    def __init__(
        self, waking: Waking, understand: Callable[[str], Understanding], wake_phrase: str
    ) -> None:
        """``wake_phrase`` in any spelling. Raises ContentError naming a bad template."""
        self._understand = understand
        self._openers = waking.openers
        self._all_openers = waking.openers | waking.doubtful
        self._wake_phrase = normalise(wake_phrase)
        self._wake_name = self._without_opener(self._wake_phrase)
        self._sounds = SoundAlike({})
        self._own = waking.own
        self._pleas = Patterns(waking.pleas, waking.rules)
        self._calls = Patterns(waking.calls, waking.rules)
        self._cries = Patterns(waking.cries, waking.rules)
        self._cramps = Patterns(waking.cramps, waking.rules)
        self._elsewhere = Patterns(waking.elsewhere, waking.rules)
        self._past = Patterns(waking.past, waking.rules)
        self._still_now = Patterns(waking.still_now, waking.rules)

    def judge(self, text: str) -> Call | None:
        """The call in ``text``, or None when it is not for us."""
        words = normalise(text)
        if not words:
            return None
        for said in self._less_and_less(words):
            wants = self._after_wake_phrase(said)
            if wants is not None:
                return Call("wake phrase", "" if self._is_mere_address(wants) else wants)
        return Call("distress", text) if self._is_distress(words) else None

    def _less_and_less(self, words: str) -> Iterator[str]:
        """As it was said, then without one plea more each time that stands around the matter:
        "oh God, help me, I can't breathe"."""
        yield words
        while (spans := self._pleas.spans(words)) and spans[0] != (0, len(words)):
            (begin, first), (last, end) = spans[0], spans[-1]
            if begin == 0:
                words = words[first:].lstrip()
            elif end == len(words):
                words = words[:last].rstrip()
            else:
                return
            yield words

    def _after_wake_phrase(self, words: str) -> str | None:
        """What follows the wake phrase, or comes before it; None when it is not there."""
        if f"{words} ".startswith(f"{self._wake_phrase} "):
            return words[len(self._wake_phrase) :].strip()
        if words.endswith(f" {self._wake_phrase}"):
            return words[: -len(self._wake_phrase)].strip()
        bare = self._without_opener(words)
        opener = words.partition(" ")[0] if bare != words else ""
        least = ALIKE if opener in self._openers else 1.0
        split = bare.split()
        longest = min(self._wake_name.count(" ") + 2, len(split))
        for count in range(longest, 0, -1):
            if self._sounds.alike(" ".join(split[:count]), self._wake_name) < least:
                continue
            rest = " ".join(split[count:])
            if not rest or self._is_for_us(rest, opener):
                return rest
        return None

    def _is_for_us(self, rest: str, opener: str) -> bool:
        """Whether what follows the name is: "a coach has to be patient" begins alike, but is about
        nothing that we know. Without an opener it has to be a call for help."""
        if self._is_mere_address(rest) or self._is_distress(rest):
            return True
        return bool(opener) and self._understand(rest).intent not in NOT_FOR_US

    def _is_mere_address(self, words: str) -> bool:
        """Whether it is the wake name again, or what may stand before it."""
        return self._all_openers.union(self._wake_name.split()).issuperset(words.split())

    def _without_opener(self, words: str) -> str:
        opener, _, rest = words.partition(" ")
        return rest if opener in self._all_openers and rest else words

    def _is_distress(self, words: str) -> bool:
        return any(self._is_in_distress(said) for said in self._less_and_less(words))

    def _is_in_distress(self, words: str) -> bool:
        if self._calls.matches(words) or self._calls.matches(_said_once(words)):
            return True
        meaning = self._understand(words)
        is_sure = meaning.confidence >= LEAST_CONFIDENCE_OF_DANGER
        is_own = not self._own.isdisjoint(words.split())
        is_emergency = meaning.intent is Intent.EMERGENCY
        if (
            is_sure
            and meaning.urgency is Urgency.EMERGENCY
            and (is_emergency or (is_own and self._is_present(meaning, words)))
        ):
            return True  # "somebody has collapsed": whoever it is
        if not is_own or meaning.confidence < LEAST_CONFIDENCE:
            return False
        if words.count(" ") >= LONGEST_COMPLAINT_WORDS or self._elsewhere.spans(words):
            return False
        if meaning.intent is Intent.CRAMP_NOW:
            return meaning.body_part is not None or bool(self._cramps.spans(words))
        names_part = meaning.intent in (Intent.BODY_PART, Intent.REPORT_SYMPTOM)
        if names_part and meaning.body_part and self._cries.spans(words):
            return True
        is_danger = is_emergency or meaning.urgency is Urgency.DOCTOR_NOW
        return is_sure and is_danger and meaning.intent in DANGER_INTENTS

    def _is_present(self, danger: Understanding, words: str) -> bool:
        """Whether it is about now, not a story or a figure of speech; in doubt it is."""
        if self._still_now.spans(words):
            return True
        return not danger.is_for_nobody and not self._past.spans(words)


def _said_once(words: str) -> str:
    """Without what is said again at once, were it broken off: "help me help me help" is "help
    me"."""
    said = words.split()
    for period in range(1, LONGEST_REPEATED_WORDS + 1):
        kept: list[str] = []
        for word in said:
            kept.append(word)
            if kept[-period:] == kept[-2 * period : -period]:
                del kept[-period:]
        begun = next(
            (n for n in range(period - 1, 0, -1) if kept[-n:] == kept[-n - period :][:n]), 0
        )
        if len(kept) < len(said):
            said = kept[: len(kept) - begun]
    return " ".join(said)
