"""What denials, what-ifs, other people and other times take out of the speaker's present."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from voiceskill.content.labels import Symptom
from voiceskill.nlu.content import Frame, Scopes
from voiceskill.nlu.heard import Heard, Mention, outside
from voiceskill.nlu.spotter import Span


@dataclass(frozen=True)
class Cover:
    """A stretch of an utterance that is not the speaker's present."""

    start: int
    end: int
    frame: Frame
    cause: Span
    """The words that make it so."""

    def holds(self, symptom: Symptom | None, mention: Mention) -> bool:
        """Whether the cover takes the symptom that these words say away."""
        if symptom in self.frame.spares or (self.frame.takes and symptom not in self.frame.takes):
            return False
        pointed = self.frame.reach in ("after", "before")
        if pointed and any(start <= self.cause[0] < end for start, end in mention):
            # The words belong to the symptom itself: "isn't breathing".
            return False
        return any(self.start <= start < self.end for start, _ in mention)


def named_words(scopes: Scopes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What has to be spotted for ``covers``."""
    yield "scope breaks", scopes.breaks
    yield "scope subjects", scopes.subjects
    yield "scope holds", scopes.holds
    yield "scope own", scopes.own
    for name, frame in scopes.frames.items():
        yield f"frame {name}", frame.words
        yield f"not frame {name}", frame.unless


def covers(heard: Heard, scopes: Scopes) -> list[Cover]:
    """All covers of the utterance."""
    starts = _clause_starts(heard)
    found = []
    for name, frame in scopes.frames.items():
        causes = outside(heard.spans(f"frame {name}"), heard.spans(f"not frame {name}"))
        for rule in frame.together:
            causes += [(group[0][0], group[-1][1]) for group in heard.together(rule)]
        if not causes or heard.any_of(frame.unless_cues):
            continue
        for cause in causes:
            if any(cause[0] < end < cause[1] for end in heard.ends):
                continue
            start, end = _reach(heard, frame, cause, starts)
            found.append(Cover(start, end, frame, cause))
    return found


def _clause_starts(heard: Heard) -> list[int]:
    """Where clauses begin: after sentence ends, at "but" and the like, at new subjects."""
    starts = {0, *heard.ends}
    starts |= {start for start, _ in heard.spans("scope breaks")}
    held = {end + 1 for _, end in heard.spans("scope holds")}
    starts |= {start for start, _ in heard.spans("scope subjects") if start not in held}
    return sorted(starts)


def _reach(heard: Heard, frame: Frame, cause: Span, starts: list[int]) -> Span:
    length = len(heard.text)
    if frame.reach == "utterance":
        # Whatever was told before, the speaker's own "i can't breathe" after it is heard.
        own = {begin for begin, _ in heard.spans("scope own")}
        turns = (begin for begin in starts if begin > cause[0] and begin in own)
        return 0, next(turns, length)
    first = bisect_right(starts, cause[0])
    clause_start = starts[first - 1]
    last = bisect_right(starts, cause[1])
    clause_end = starts[last] if last < len(starts) else length
    if frame.reach == "after":
        # From inside the words on: "never had" and "had a fit" share one of them.
        return cause[0] + 1, clause_end
    if frame.reach == "before":
        return 0, cause[0]
    return clause_start, clause_end
