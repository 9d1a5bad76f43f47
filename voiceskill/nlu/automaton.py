"""Walks many templates at once, word by word, in time that does not grow with their number."""

from __future__ import annotations

from voiceskill.nlu.grammar import Grammar, Graph

_MOST_STEPS = 100_000
"""Steps kept at most (some 20 MB); talk so varied that this is reached may begin afresh."""


class State:
    """All places in templates at which some words may be, and what these words are already."""

    __slots__ = ("after", "names", "nodes")

    def __init__(self, nodes: frozenset[int], names: tuple[str, ...]) -> None:
        self.nodes = nodes
        self.names = names
        """Names of which a template is complete."""
        self.after: dict[str, State | None] = {}
        """States after words met before; None where no template goes on."""


class Automaton:
    """Named templates. Which states there are is found out as text comes along, and kept."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._nodes: Graph = []
        # Of each node, where its template begins in the list, and whose template it is.
        self._bases: list[int] = []
        self._names: list[str] = []
        # The nodes that the words of each set begin templates with.
        self._begins: dict[int, list[int]] = {}
        self._states: dict[frozenset[int], State] = {}
        self._start = State(frozenset(), ())
        self._steps = 0

    def add(self, name: str, template: str) -> None:
        """Let ``name`` be found where the template is. Raises ContentError naming the template."""
        graph = self._grammar.graph(template)
        base = len(self._nodes)
        self._bases += [base] * len(graph)
        self._names += [name] * len(graph)
        self._nodes += graph
        first = graph[-1]
        for place in range(1, len(first), 2):
            self._begins.setdefault(first[place], []).append(base + first[place + 1])
        self._start.after.clear()

    @property
    def start(self) -> State:
        """The state before the first word."""
        if self._steps > _MOST_STEPS:
            self._steps = 0
            self._states.clear()
            self._start.after.clear()
        return self._start

    def step(self, state: State, word: str) -> State | None:
        """The state after one more word; None when no template goes on so."""
        # No state follows itself, so that it can stand for "not met before".
        after = state.after.get(word, state)
        return self._new_step(state, word) if after is state else after

    def _new_step(self, state: State, word: str) -> State | None:
        sets = self._grammar.sets_of(word)
        if not sets:
            return None
        if state is self._start:
            found = {node for words in sets for node in self._begins.get(words, ())}
        else:
            found = self._nodes_after(state, sets)
        self._steps += 1
        state.after[word] = after = self._state(frozenset(found)) if found else None
        return after

    def _nodes_after(self, state: State, sets: set[int]) -> set[int]:
        found = set()
        for number in state.nodes:
            node = self._nodes[number]
            for place in range(1, len(node), 2):
                if node[place] in sets:
                    found.add(self._bases[number] + node[place + 1])
        return found

    def _state(self, nodes: frozenset[int]) -> State:
        if nodes not in self._states:
            names = {self._names[number] for number in nodes if self._nodes[number][0]}
            self._states[nodes] = State(nodes, tuple(sorted(names)))
        return self._states[nodes]
