"""Checks prompts/en/nlu/ as a whole: templates that cannot be read and names of cues and rules
that nothing stands for are refused, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from voiceskill.errors import ContentError

if TYPE_CHECKING:
    from voiceskill.nlu.content import NluContent


def check(content: NluContent, folder: Path) -> None:
    """Raises ContentError on the first fault."""
    for template in templates(content):
        try:
            content.rules.graph(template)
        except ContentError as fault:
            raise ContentError(f"{_place(folder, template)}: {fault}") from None
    for name in _named(content):
        for one in name.split(" or "):
            if one not in content.cues:
                problem = f"'{one}' is no cue; add it to cues/ or correct the name"
                raise ContentError(f"{_place(folder, name)}: {problem}")


def templates(content: NluContent) -> Iterator[str]:
    """All templates, rules first."""
    yield from content.rules.values()
    for says in content.cues.values():
        yield from says
    for words in content.symptoms.values():
        yield from (*words.says, *words.unless)
    scopes = content.scopes
    yield from (*scopes.breaks, *scopes.subjects, *scopes.holds, *scopes.own)
    for frame in scopes.frames.values():
        yield from (*frame.words, *frame.unless)
    body = content.body
    for part in body.parts.values():
        yield from part.says
    yield from (*body.left, *body.right, *body.side_alone, *body.not_side, *body.not_part)
    for says in content.exact.values():
        yield from says
    yield from (*content.polite.before, *content.polite.after)
    for item in content.mishearings:
        yield item.heard


def _named(content: NluContent) -> Iterator[str]:
    for words in content.symptoms.values():
        yield from words.unless_cues
        yield from (name for rule in words.together for name in rule.cues)
    for frame in content.scopes.frames.values():
        yield from frame.unless_cues
        yield from (name for together in frame.together for name in together.cues)
    for item in content.mishearings:
        yield from item.near


def _place(folder: Path, text: str) -> str:
    """File and line at which ``text`` stands."""
    for path in sorted(folder.rglob("*.yaml")):
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for scalar in _scalars([node] if node else []):
            if scalar.value == text:
                return f"{path}:{scalar.start_mark.line + 1}"
    return str(folder)


def _scalars(nodes: Iterable[yaml.Node]) -> Iterator[yaml.ScalarNode]:
    for node in nodes:
        if isinstance(node, yaml.MappingNode):
            yield from _scalars(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            yield from _scalars(node.value)
        elif isinstance(node, yaml.ScalarNode):
            yield node
