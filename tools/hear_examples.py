"""Says a sample of the examples with synthetic voices and keeps what the default recogniser makes
of them as further examples, with the label of what was said: prompts/en/examples/heard_*.jsonl.

Needs the extras voice and whisper. Half an hour for all hands; what was heard once is kept in
out/, so that a second run hears only what is new. Run: python -m tools.hear_examples
"""

# ruff: noqa: T201  (a script: printing is its purpose)
from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from benchmarks.spoken import Hearer, say
from tools.check_examples import development_texts
from tools.training import EXAMPLES, HEARD, english_listener
from voiceskill.content.labels import Symptom, Urgency
from voiceskill.content.loader import default_content
from voiceskill.nlu.normalise import normalise
from voiceskill.tts.voices import open_voice

KEPT = Path("out/heard.jsonl")
VOICES = (
    "en-us",
    "en-us+f5",
    "en-us+max",
    "en-gb-x-rp+m1",
    "en-us+klatt4",
    "en-us+Gene",
)
"""Of 17 variants those that whisper understands best: 19 to 27 % word errors."""
RATES_WPM = (135, 150, 165)
"""Faster, and whisper loses more than people would."""
LINES = 8
"""Said of each hand and intent, besides all that have an emergency sign."""
MORE_LINES = {
    "none": 40,
    "report_symptom": 40,
    "cramp_now": 30,
    "start_stretch": 15,
    "start_triage": 15,
    "body_part": 15,
}
"""Of those that decide most, and of talk that is not for us: misheard, it must not become ours."""
ANSWERS = frozenset({"yes", "no", "unsure", "better", "worse", "same"})
"""Not said: misheard, they would teach that nearly anything is an answer."""
MOST_ERRORS = 0.5
"""Beyond so many wrong words in one the rest no longer carries the label."""
MOST_ERRORS_WITH_SYMPTOMS = 0.3
"""A symptom is one or two words: with more wrong ones it is likely not there any more. Nor is it
where templates see it in what was said and not in what was heard."""


@dataclass(frozen=True)
class Spoken:
    """A line of a hand, and who says it."""

    hand: str
    item: dict[str, Any]
    voice: str
    rate_wpm: int

    @property
    def key(self) -> str:
        """What it is kept by."""
        return f"{self.voice} {self.rate_wpm} {self.item['text']}"


def sample(hands: Iterable[Path]) -> Iterator[Spoken]:
    """The lines to be said: the same whenever it is asked, and not moved by further hands."""
    levels = {label: sign.level for label, sign in default_content("en").symptoms.items()}
    for path in hands:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        taken: Counter[str] = Counter()
        for item in sorted(lines, key=lambda item: _draw(item["text"])):
            signs = [Symptom(name) for name in item.get("symptoms", ())]
            is_danger = any(levels.get(sign) is Urgency.EMERGENCY for sign in signs)
            intent = item["intent"]
            if intent in ANSWERS:
                continue
            if not is_danger and intent != "emergency":
                if taken[intent] >= MORE_LINES.get(intent, LINES):
                    continue
                taken[intent] += 1
            draw = _draw(item["text"])
            voice = VOICES[draw % len(VOICES)]
            yield Spoken(path.stem, item, voice, RATES_WPM[draw // 7 % len(RATES_WPM)])


def hear(spoken: Sequence[Spoken], kept: Path) -> dict[str, str]:
    """What is heard of each line, by its key; whatever is new is added to ``kept`` at once."""
    heard: dict[str, str] = {}
    if kept.exists():
        heard = dict(json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines())
    kept.parent.mkdir(parents=True, exist_ok=True)
    missing = [line for line in spoken if line.key not in heard]
    print(f"{len(spoken)} lines, {len(missing)} of them not heard yet")
    with closing(Hearer()) as hearer, kept.open("a", encoding="utf-8") as file:
        for name in VOICES:
            with closing(open_voice(name, cache=False)) as voice:
                for line in missing:
                    if line.voice != name:
                        continue
                    text = hearer.recognise(say(voice, line.item["text"], line.rate_wpm))
                    heard[line.key] = text
                    file.write(json.dumps([line.key, text], ensure_ascii=False) + "\n")
                    file.flush()
    return heard


def worth_keeping(
    spoken: Sequence[Spoken],
    heard: dict[str, str],
    taken: set[str],
    found: Callable[[str], frozenset[Symptom]],
) -> dict[str, list[dict[str, Any]]]:
    """The heard lines by hand; ``taken`` are normalised texts that they may not equal, ``found``
    tells the symptoms that are in a text beyond doubt.

    What two labels are heard as teaches nothing; it is left out, and so is all that came out as
    it was said.
    """
    intents = defaultdict(set)
    for line in spoken:
        intents[normalise(heard[line.key])].add(line.item["intent"])
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    seen = set(taken)
    for line in spoken:
        text = normalise(heard[line.key])
        limit = MOST_ERRORS_WITH_SYMPTOMS if line.item.get("symptoms") else MOST_ERRORS
        if not text or text in seen or len(intents[text]) > 1:
            continue
        if _word_errors(normalise(line.item["text"]), text) > limit:
            continue
        if line.item.get("symptoms") and not found(line.item["text"]) <= found(text):
            continue
        seen.add(text)
        lines[line.hand].append(line.item | {"text": heard[line.key]})
    return lines


def _draw(text: str) -> int:
    """A number that is as good as drawn, but always the same for a text."""
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), 16)


def _word_errors(said: str, heard: str) -> float:
    """Words wrong, missing or too many, of one word said."""
    words = said.split()
    return Levenshtein.distance(words, heard.split()) / max(1, len(words))


def main() -> None:
    """Say, hear, write."""
    hands = sorted(EXAMPLES.glob("hand_*.jsonl"))
    spoken = list(sample(hands))
    heard = hear(spoken, KEPT)
    taken = development_texts()
    for path in hands:
        rows = path.read_text(encoding="utf-8").splitlines()
        taken |= {normalise(json.loads(row)["text"]) for row in rows}
    for answer in default_content("en").answers:
        taken |= {normalise(question) for question in answer.ask}
    listener = english_listener()

    def found(text: str) -> frozenset[Symptom]:
        return frozenset[Symptom]().union(*(piece.present for piece in listener.listen(text)))

    lines = worth_keeping(spoken, heard, taken, found)
    for hand, items in lines.items():
        path = EXAMPLES / hand.replace("hand_", HEARD)
        rows = [json.dumps(item, ensure_ascii=False) for item in items]
        path.with_suffix(".jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{sum(map(len, lines.values()))} heard otherwise and kept, of {len(lines)} hands")


if __name__ == "__main__":
    main()
