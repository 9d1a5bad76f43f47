"""Finds the body part and the side that an utterance is about."""

from __future__ import annotations

from collections.abc import Iterator

from voiceskill.content.labels import BodyPart, Side
from voiceskill.nlu.content import BodyWords
from voiceskill.nlu.heard import Heard, outside
from voiceskill.nlu.scope import Cover
from voiceskill.nlu.spotter import Span


def named_words(body: BodyWords) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What has to be spotted for ``find_part`` and ``find_side``."""
    for part, words in body.parts.items():
        yield f"part {part.value}", words.says
    yield "side left", body.left
    yield "side right", body.right
    yield "side alone", body.side_alone
    yield "not side", body.not_side
    yield "not part", body.not_part


def part_spans(heard: Heard, body: BodyWords) -> list[tuple[Span, BodyPart]]:
    """All body parts named, in order; longer names hide what they are made of."""
    idioms = heard.spans("not part")
    found = [
        (span, part)
        for part in body.parts
        for span in outside(heard.spans(f"part {part.value}"), idioms)
    ]
    every = [span for span, _ in found]
    return sorted(
        (span, part) for span, part in found if outside([span], [o for o in every if o != span])
    )


def find_part(
    named: list[tuple[Span, BodyPart]], body: BodyWords, covers: list[Cover]
) -> BodyPart | None:
    """The finest part; of equally fine ones the first that is not denied ("not my calf")."""
    spoken = [
        part
        for span, part in named
        if not any(
            c.frame.denies and c.frame.reach == "after" and c.holds(None, (span,)) for c in covers
        )
    ]
    parts = spoken or [part for _, part in named]
    coarse = {part for finer in parts for part in body.parts[finer].finer_than}
    return next((part for part in parts if part not in coarse), None)


def find_side(heard: Heard, has_part: bool) -> Side | None:
    """The side that was named last ("right, no sorry, left")."""
    masks = heard.spans("not side")
    if not has_part and not heard.spans("side alone"):
        return None
    sides = [
        (span, side) for side in Side for span in outside(heard.spans(f"side {side.value}"), masks)
    ]
    return max(sides)[1] if sides else None
