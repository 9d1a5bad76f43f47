"""The typed form of prompts/en/nlu/: all words, templates and rules that text is understood by."""

from __future__ import annotations

from pathlib import Path

from pydantic import ConfigDict, Field

from voiceskill.content.labels import BodyPart, Intent, Symptom
from voiceskill.content.loader import load_yaml
from voiceskill.content.model import Strict, Template
from voiceskill.nlu.checks import check
from voiceskill.nlu.grammar import Grammar


class Together(Strict):
    """Cues that mean something only near each other, in any order."""

    cues: tuple[str, ...] = Field(min_length=2)
    """Names of cues; "a or b" where either will do."""
    within: int = Field(default=4, ge=0, le=20)
    """At most so many words between them."""


class SymptomWords(Strict):
    """How a symptom is said."""

    says: tuple[Template, ...] = ()
    """Templates that mean it wherever they occur."""
    together: tuple[Together, ...] = ()
    """Cues that mean it near each other."""
    unless: tuple[Template, ...] = ()
    """Templates that sound like it but are something else; what they cover does not count."""
    unless_cues: tuple[str, ...] = ()
    """Cues anywhere in the utterance that take the meaning away."""
    replaces: tuple[Symptom, ...] = ()
    """Vaguer symptoms that the same words say too and that this one stands for."""


class Frame(Strict):
    """Words that take the symptoms around them out of the speaker's present: "no", "what if"."""

    words: tuple[Template, ...] = ()
    together: tuple[Together, ...] = ()
    """Cues that only together are this frame ("my gran" and "last year")."""
    unless: tuple[Template, ...] = ()
    """Templates that hold the words but do not mean it ("not just")."""
    unless_cues: tuple[str, ...] = ()
    """Cues anywhere in the utterance that take the meaning away."""
    reach: str = Field(pattern="^(after|before|clause|utterance)$")
    """What it covers: the rest of its clause, what came before in it, all of it, or everything."""
    denies: bool = False
    """Whether what it covers is denied by the speaker, rather than only not told as present."""
    spares: tuple[Symptom, ...] = ()
    """Symptoms that it leaves alone."""
    takes: tuple[Symptom, ...] = ()
    """The only symptoms that it takes; none named: all."""


class Scopes(Strict):
    """Where clauses begin, and the frames (scopes.yaml)."""

    breaks: tuple[Template, ...]
    """Words that begin a new clause."""
    subjects: tuple[Template, ...]
    """Words that begin a new clause unless a word of ``holds`` stands before them."""
    holds: tuple[Template, ...]
    """Words that a subject depends on: "i don't think | it's swollen" is one clause."""
    own: tuple[Template, ...]
    """Words with which speakers turn to their own case; where such a clause begins, even what
    covers all the utterance ends."""
    frames: dict[str, Frame]


class PartWords(Strict):
    """How a body part is said."""

    says: tuple[Template, ...] = Field(min_length=1)
    finer_than: tuple[BodyPart, ...] = ()
    """Parts that it wins over when both are named."""


class BodyWords(Strict):
    """Body parts and sides (body_parts.yaml)."""

    parts: dict[BodyPart, PartWords]
    left: tuple[Template, ...]
    right: tuple[Template, ...]
    side_alone: tuple[Template, ...]
    """Templates in which left or right is a side although no body part is named."""
    not_side: tuple[Template, ...]
    """Templates in which left or right is no side: "how long left"."""
    not_part: tuple[Template, ...]
    """Idioms and other things that only sound like a body part."""


class Polite(Strict):
    """Words around a command that change nothing (polite.yaml)."""

    before: tuple[Template, ...]
    after: tuple[Template, ...]
    commands: dict[Intent, tuple[str, ...]]
    """Short commands that are recognised with a word too many or a letter wrong."""
    extra: tuple[str, ...]
    """Words that near matching may drop wherever they stand."""
    guarded: tuple[str, ...]
    """Words in which near matching allows no wrong letter."""


class Mishearing(Strict):
    """Words that a recogniser writes for others, with the company that tells."""

    heard: Template
    meant: str
    near: tuple[str, ...] = ()
    """Cues of which one must be in the utterance; none: it is never meant as written."""
    whole: bool = False
    """Whether it is meant only as the whole utterance ("text" for "next")."""


class NluContent(Strict):
    """All of prompts/en/nlu/."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    folder: Path
    """Where all of it was read from."""
    rules: Grammar
    cues: dict[str, tuple[Template, ...]]
    symptoms: dict[Symptom, SymptomWords]
    scopes: Scopes
    body: BodyWords
    exact: dict[Intent, tuple[Template, ...]]
    """Whole utterances."""
    polite: Polite
    mishearings: tuple[Mishearing, ...]


COMPILED_NAME = "compiled.json"
"""The file of templates already read, beside them."""


def load_nlu_content(folder: Path, *, compiled: bool = True) -> NluContent:
    """Read prompts/en/nlu. Raises ContentError with file and line.

    Templates are taken from the compiled file where it has them, else parsed (two seconds for
    all of them); with ``compiled`` false that file is not looked at.
    """
    symptoms: dict[Symptom, SymptomWords] = {}
    for path in sorted((folder / "symptoms").glob("*.yaml")):
        symptoms |= load_yaml(path, dict[Symptom, SymptomWords])
    cues: dict[str, tuple[Template, ...]] = {}
    for path in sorted((folder / "cues").glob("*.yaml")):
        cues |= load_yaml(path, dict[str, tuple[Template, ...]])
    cues |= load_yaml(folder / "sign_words.yaml", dict[str, tuple[Template, ...]])
    grammar = Grammar(load_yaml(folder / "rules.yaml", dict[str, Template]))
    if compiled:
        grammar.load(folder / COMPILED_NAME)
    content = NluContent(
        folder=folder,
        rules=grammar,
        cues=cues,
        symptoms=symptoms,
        scopes=load_yaml(folder / "scopes.yaml", Scopes),
        body=load_yaml(folder / "body_parts.yaml", BodyWords),
        exact=load_yaml(folder / "exact.yaml", dict[Intent, tuple[Template, ...]]),
        polite=load_yaml(folder / "polite.yaml", Polite),
        mishearings=load_yaml(folder / "mishearings.yaml", tuple[Mishearing, ...]),
    )
    check(content, folder)
    return content
