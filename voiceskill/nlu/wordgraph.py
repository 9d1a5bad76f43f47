"""The sentences that a template stands for, as a graph whose steps are words."""

from __future__ import annotations

from dataclasses import dataclass, field

Words = tuple[str, ...]
"""Words any of which makes a step, in alphabetical order."""

_EMPTY, _SPACE = "", " "


@dataclass(frozen=True)
class Node:
    """A place in a sentence."""

    ends: bool
    """Whether the sentence may end here."""
    steps: tuple[tuple[Words, int], ...]
    """Words that may come next, with the number of the node that each leads to."""


@dataclass
class LetterGraph:
    """The graph while it is being written: its steps are pieces of words, spaces and nothing."""

    steps: list[list[tuple[str, int]]] = field(default_factory=list)

    def node(self) -> int:
        """A new node."""
        self.steps.append([])
        return len(self.steps) - 1

    def skip(self, start: int, end: int) -> None:
        """Let ``end`` follow ``start`` at once."""
        self.steps[start].append((_EMPTY, end))

    def text(self, start: int, text: str) -> int:
        """Let ``text`` follow ``start``; the node after it."""
        for piece in text.replace(" ", " \0 ").replace("\0", "").split(" "):
            end = self.node()
            self.steps[start].append((piece or _SPACE, end))
            start = end
        return start

    def by_words(self, first: int, last: int) -> list[Node]:
        """The sentences from ``first`` to ``last`` as a graph of words; its first node is the
        last of the list. Nodes from which the same sentences go on are one node."""
        return _WordGraph(self.steps, last).nodes_from(first)


class _WordGraph:
    def __init__(self, steps: list[list[tuple[str, int]]], last: int) -> None:
        self._steps = steps
        self._last = last
        self._numbers: dict[Node, int] = {}
        self._done: dict[int, int] = {}

    def nodes_from(self, first: int) -> list[Node]:
        self._number(first)
        return list(self._numbers)

    def _number(self, place: int) -> int:
        """The number of the node for the beginning of a word at ``place``."""
        if place not in self._done:
            ends, words = self._next_words(place)
            by_target: dict[int, set[str]] = {}
            for after, said in words.items():
                by_target.setdefault(self._number(after), set()).update(said)
            steps = sorted((tuple(sorted(said)), target) for target, said in by_target.items())
            node = Node(ends, tuple(steps))
            self._done[place] = self._numbers.setdefault(node, len(self._numbers))
        return self._done[place]

    def _next_words(self, place: int) -> tuple[bool, dict[int, set[str]]]:
        """Whether the sentence may end at ``place``, and the words that may follow it."""
        ends = False
        words: dict[int, set[str]] = {}
        todo, seen = [(place, "")], {(place, "")}
        while todo:
            at, word = todo.pop()
            if at == self._last:
                if word:
                    words.setdefault(at, set()).add(word)
                else:
                    ends = True
            for piece, after in self._steps[at]:
                if piece == _SPACE and word:
                    words.setdefault(after, set()).add(word)
                    continue
                step = (after, word if piece == _SPACE else word + piece)
                if step not in seen:
                    seen.add(step)
                    todo.append(step)
        return ends, words
