"""Measures how intents are found, for docs/understanding.md: what each stage is worth, how true the
confidence is, what is taken for what, and the learning curve, drawn to docs/learning_curve.svg.

Two hands are left out of the training and are what is measured. Needs the extra ``train``.
Run: python -m tools.measure_intents
"""

# ruff: noqa: T201  (a script: printing is its purpose)
from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib import pyplot
from rapidfuzz import fuzz, process

from tools.train_intents import Example, fit_sharpness, train
from tools.training import NLU, english_listener, lines
from voiceskill.content.labels import Intent
from voiceskill.nlu.content import load_nlu_content
from voiceskill.nlu.features import features
from voiceskill.nlu.heard import Heard
from voiceskill.nlu.linear_model import LinearModel
from voiceskill.nlu.stages import ExactStage, ModelStage, NearStage, Stage

UNSEEN = ("hand_k", "hand_l")
"""Hands whose lines nobody looked at while templates, vocabulary and features were chosen."""
TO_BE_SURE = ("hand_e", "hand_f")
"""Hands left out to learn how sure the model may be."""
CURVE = Path(__file__).resolve().parents[1] / "docs/learning_curve.svg"
SHARES = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
GROUPS = {
    "start_triage": (Intent.START_TRIAGE,),
    "start_stretch": (Intent.START_STRETCH,),
    "cramp_now": (Intent.CRAMP_NOW,),
    "report_symptom": (Intent.REPORT_SYMPTOM,),
    "emergency": (Intent.EMERGENCY,),
    "a question": tuple(intent for intent in Intent if intent.is_question),
    "yes, no": (Intent.YES, Intent.NO, Intent.UNSURE),
    "better, worse": (Intent.BETTER, Intent.WORSE, Intent.SAME),
    "body_part": (Intent.BODY_PART,),
    "none": (Intent.NONE,),
}
"""Intents that the table of confusions shows; all others are commands."""
COMMAND = "a command"
LEAST_SHOWN = 0.5
"""Percent; less is left empty."""
STEPS = (0.0, 0.25, 0.5, 0.7, 0.9, 0.97, 1.01)
Method = Callable[["Said"], Intent]


@dataclass(frozen=True)
class Said:
    """A labelled utterance, as heard and as the model sees it."""

    heard: Heard
    example: Example


def read() -> list[Said]:
    """The examples of all hands."""
    listener = english_listener()
    said = []
    for line in lines():
        piece = next(listener.listen(line.text), None)
        if piece and line.file.startswith("hand_"):
            example = Example(line.intent, line.hand, features(piece.heard))
            said.append(Said(piece.heard, example))
    return said


def by_stages(*stages: Stage) -> Method:
    """The first stage that knows decides; none: no match."""

    def intent(said: Said) -> Intent:
        found = (stage.intent(said.heard, frozenset()) for stage in stages)
        return next((one[0] for one in found if one), Intent.NONE)

    return intent


def by_nearest(known: Sequence[Said]) -> Method:
    """The label of the nearest example."""
    texts = [said.heard.text for said in known]

    def intent(said: Said) -> Intent:
        nearest = process.extractOne(said.heard.text, texts, scorer=fuzz.ratio)
        return Intent(known[nearest[2]].example.intent)

    return intent


def by_words(known: Sequence[Said]) -> Method:
    """A linear model of words and letters alone, nothing spotted."""
    bare = [Example(s.example.intent, s.example.hand, _bare(s)) for s in known]
    model = train(bare)
    return lambda said: model.intents[int(model.margins(_bare(said)).argmax())]


def _bare(said: Said) -> list[set[str]]:
    return [*map(set, said.example.groups[:2]), set(), set()]


def show_methods(known: Sequence[Said], unseen: Sequence[Said], model: LinearModel) -> None:
    """Accuracy and speed of each method on the same lines."""
    content = load_nlu_content(NLU)
    exact, near, learnt = ExactStage(content), NearStage(content), ModelStage(model)
    methods = {
        "exact templates alone": by_stages(exact),
        "nearest example (rapidfuzz)": by_nearest(known),
        "linear model, words and letters": by_words(known),
        "linear model, with what was spotted": by_stages(learnt),
        "templates, then model": by_stages(exact, learnt),
        "templates, near matches, model": by_stages(exact, near, learnt),
    }
    for name, method in methods.items():
        began = time.perf_counter()
        right = [method(said).value == said.example.intent for said in unseen]
        each_ms = (time.perf_counter() - began) / len(unseen) * 1e3
        others = [method(s) for s in unseen if s.example.intent == Intent.NONE.value]
        kept = np.mean([intent is Intent.NONE for intent in others])
        print(f"| {name} | {100 * np.mean(right):.1f} | {100 * kept:.0f} | {each_ms:.2f} |")


def show_reliability(unseen: Sequence[Said], stages: Sequence[Stage]) -> None:
    """How often answers of each confidence are right."""
    found = []
    for said in unseen:
        intent, sure = next(
            one for stage in stages if (one := stage.intent(said.heard, frozenset()))
        )
        found.append((sure, intent.value == said.example.intent))
    sure, right = np.array(found).T
    gap = 0.0
    for low, high in pairwise(STEPS):
        held = (sure >= low) & (sure < high)
        print(
            f"| {low:.2f} to {high:.2f} | {held.sum()} | {sure[held].mean():.2f} | "
            f"{right[held].mean():.2f} |"
        )
        gap += abs(sure[held].mean() - right[held].mean()) * held.mean()
    print(f"mean gap {gap:.3f}")


def show_confusions(unseen: Sequence[Said], stages: Sequence[Stage]) -> None:
    """What is taken for what, in percent of what was said; within a group, the intent itself."""
    names = [*GROUPS, COMMAND]
    method = by_stages(*stages)
    table: dict[str, Counter[str]] = {name: Counter() for name in names}
    for said in unseen:
        wanted, found = Intent(said.example.intent), method(said)
        same_group = _group(found) == _group(wanted)
        mixed_up = same_group and found is not wanted
        table[_group(wanted)]["another of them" if mixed_up else _group(found)] += 1
    print(f"| said, lines | {' | '.join(names)} | another of them |")
    for name, row in table.items():
        cells = (100 * row[column] / row.total() for column in [*names, "another of them"])
        shown = (f"{cell:.0f}" if cell >= LEAST_SHOWN else "" for cell in cells)
        print(f"| {name}, {row.total()} | {' | '.join(shown)} |")


def _group(intent: Intent) -> str:
    return next((name for name, held in GROUPS.items() if intent in held), COMMAND)


def draw_curve(known: Sequence[Said], unseen: Sequence[Said]) -> None:
    """Right answers over the number of examples."""
    counts, rights = [], []
    order = np.random.default_rng(0).permutation(len(known))
    for share in SHARES:
        counts.append(int(len(known) * share))
        model = train([known[index].example for index in order[: counts[-1]]])
        rights.append(100 * _right(model, unseen))
        print(f"{counts[-1]} examples: {rights[-1]:.1f} %")
    pyplot.rcParams["svg.hashsalt"] = "fixed"
    pyplot.figure(figsize=(6, 3.6))
    pyplot.plot(counts, rights, marker="o")
    pyplot.xscale("log", base=2)
    pyplot.xticks(counts, [str(count) for count in counts])
    pyplot.xlabel("examples learnt from")
    pyplot.ylabel("intents right on unseen hands, %")
    pyplot.grid(alpha=0.3)
    pyplot.tight_layout()
    pyplot.savefig(CURVE, metadata={"Date": None})


def _right(model: LinearModel, unseen: Sequence[Said]) -> float:
    labels = [intent.value for intent in model.intents]
    return float(
        np.mean(
            [
                labels[int(model.margins(said.example.groups).argmax())] == said.example.intent
                for said in unseen
            ]
        )
    )


def main() -> None:
    """Print all tables and draw the curve."""
    said = read()
    known = [one for one in said if one.example.hand not in UNSEEN]
    unseen = [one for one in said if one.example.hand in UNSEEN]
    examples = [one.example for one in known]
    others = [example for example in examples if example.hand not in TO_BE_SURE]
    held_out = [example for example in examples if example.hand in TO_BE_SURE]
    model = train(examples, fit_sharpness([(train(others), held_out)]))
    print(f"learnt from {len(known)}, measured on {len(unseen)}")
    show_methods(known, unseen, model)
    content = load_nlu_content(NLU)
    stages = [ExactStage(content), NearStage(content), ModelStage(model)]
    show_reliability(unseen, stages)
    show_confusions(unseen, stages)
    draw_curve(known, unseen)


if __name__ == "__main__":
    main()
