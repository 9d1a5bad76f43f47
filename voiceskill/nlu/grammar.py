"""The rules that templates name, and the templates already read with them: hassil's parser is
slow, so what it makes of the templates that ship is kept in a file."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from voiceskill.nlu.spelling import english_spelling

if TYPE_CHECKING:
    from voiceskill.nlu.template import TemplateReader

_log = logging.getLogger(__name__)

Graph = list[list[int]]
"""A template as nodes: 1 where a sentence may end, else 0, then pairs of a set of words (its
number in the grammar) and the node that they lead to. The first node is the last."""

_FORM = 1
"""To be raised when the same templates are written in another way: older files are not read."""
_KEY_LETTERS = 16
"""Enough of a hash to tell some thousand templates apart."""


class Grammar(dict[str, str]):
    """The rules by name; reads each template once, or takes it from the file of read ones."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        super().__init__(rules)
        self._sets: dict[tuple[str, ...], int] = {}
        self._sets_of: defaultdict[str, set[int]] = defaultdict(set)
        self._graphs: dict[str, Graph] = {}

    @cached_property
    def _reader(self) -> TemplateReader:
        # Imported here: hassil's parser is not needed for what was read before.
        from voiceskill.nlu.template import TemplateReader

        return TemplateReader(self)

    def graph(self, template: str) -> Graph:
        """What the template stands for. Raises ContentError naming it."""
        key = _key(template)
        if key not in self._graphs:
            nodes = self._reader.read(template)
            self._graphs[key] = [
                [int(node.ends), *(n for words, to in node.steps for n in (self._set(words), to))]
                for node in nodes
            ]
        return self._graphs[key]

    def sets_of(self, word: str) -> set[int]:
        """The numbers of the sets of words that hold ``word``."""
        return self._sets_of.get(word, _NO_SETS)

    def load(self, path: Path) -> None:
        """Take over the templates read before; none when the rules or spellings have changed."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            _log.warning("%s cannot be read (%s): templates are parsed instead", path, fault)
            return
        if kept["made_of"] != self._made_of():
            _log.info("%s is older than the rules: templates are parsed instead", path)
            return
        for words in kept["sets"]:
            self._set(tuple(words.split(" ")))
        self._graphs = kept["templates"]

    def save(self, path: Path) -> None:
        """Write all templates read so far."""
        templates = ",\n".join(
            f'"{key}":{json.dumps(graph, separators=(",", ":"))}'
            for key, graph in sorted(self._graphs.items())
        )
        sets = ",\n".join(json.dumps(" ".join(words), ensure_ascii=False) for words in self._sets)
        path.write_text(
            f'{{"made_of":"{self._made_of()}",\n'
            f'"sets":[\n{sets}],\n"templates":{{\n{templates}}}}}\n',
            encoding="utf-8",
        )

    def _set(self, words: tuple[str, ...]) -> int:
        number = self._sets.setdefault(words, len(self._sets))
        for word in words:
            self._sets_of[word].add(number)
        return number

    def _made_of(self) -> str:
        parts = [_FORM, dict(self), english_spelling().model_dump()]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _key(template: str) -> str:
    return hashlib.sha256(template.encode()).hexdigest()[:_KEY_LETTERS]


_NO_SETS: set[int] = set()
