"""Reads prompts/ into its typed form; every fault names the file, the line and the mend.

All scalars are read as text: to YAML ``yes`` and ``no`` are truth values, here they are words.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from voiceskill.content.checks import check
from voiceskill.content.context import Caution, Inference, Remark
from voiceskill.content.labels import BodyPart
from voiceskill.content.located import located
from voiceskill.content.model import (
    Answer,
    Content,
    Line,
    Outcome,
    Place,
    Position,
    Question,
    Region,
    Source,
    Stretch,
    SymptomContent,
    Template,
    TriageSets,
)
from voiceskill.data_files import data_file
from voiceskill.errors import ContentError

_YamlLoader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

T = TypeVar("T")


def load_yaml(path: Path, kind: type[T]) -> T:
    """Read one YAML file as ``kind`` (any type pydantic can check).

    Raises ContentError with file, line and mend.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(f"{path}: not there; restore it from the repository") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ContentError(f"{path}: cannot be read ({fault}); save it as UTF-8 text") from None
    try:
        node = yaml.compose(text, Loader=_YamlLoader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(fault, "problem", None) or "is not YAML"
        raise ContentError(f"{path}:{line}: {problem}; check the indentation and quotes") from None
    if node is None:
        raise ContentError(f"{path}:1: the file is empty; restore it from the repository")
    _refuse_circles(node, path)
    try:
        value: T = TypeAdapter(kind).validate_python(_plain(node, path))
    except ValidationError as fault:
        raise ContentError(_first_fault(path, node, fault)) from None
    return value


def _refuse_circles(node: yaml.Node, path: Path, above: tuple[int, ...] = ()) -> None:
    """Raise ContentError where a * names something that it stands in itself."""
    if id(node) in above:
        line = node.start_mark.line + 1
        raise ContentError(f"{path}:{line}: this holds itself through a *; write it out once")
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            _refuse_circles(value, path, (*above, id(node)))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_circles(item, path, (*above, id(node)))


def _plain(node: yaml.Node, path: Path) -> Any:
    """The node as dicts, lists and strings."""
    if isinstance(node, yaml.MappingNode):
        plain: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in plain:
                line = key.start_mark.line + 1
                raise ContentError(f"{path}:{line}: '{key.value}' stands twice; remove one")
            plain[key.value] = _plain(value, path)
        return plain
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, path) for item in node.value]
    return node.value


def _first_fault(path: Path, node: yaml.Node, fault: ValidationError) -> str:
    error = fault.errors()[0]
    where = ".".join(str(step) for step in error["loc"])
    line = _line_of(node, error["loc"])
    return f"{path}:{line}: {where}: {error['msg']}"


def _line_of(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    """Line of the deepest node that the location leads to, from 1."""
    for step in location:
        child = _child(node, step)
        if child is None:
            break
        node = child
    return int(node.start_mark.line) + 1


def _child(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None


def load_content(folder: Path) -> Content:
    """Read one language, for instance prompts/en. Raises ContentError; never half of it."""
    sets: TriageSets = load_yaml(folder / "triage" / "sets.yaml", TriageSets)
    questions: list[Question] = load_yaml(folder / "triage" / "questions.yaml", list[Question])
    outcomes: list[Outcome] = load_yaml(folder / "triage" / "outcomes.yaml", list[Outcome])
    symptoms: list[SymptomContent] = load_yaml(folder / "symptoms.yaml", list[SymptomContent])
    regions: list[Region] = load_yaml(folder / "regions.yaml", list[Region])
    content = Content(
        language=folder.name,
        sources=load_yaml(folder / "sources.yaml", dict[str, Source]),
        facts=load_yaml(folder / "facts.yaml", dict[str, str]),
        prompts=load_yaml(folder / "lines.yaml", dict[str, Line]),
        answers=tuple(_each(folder / "answers", Answer)),
        cautions=load_yaml(folder / "cautions.yaml", tuple[Caution, ...]),
        inferences=load_yaml(folder / "inferences.yaml", tuple[Inference, ...]),
        remarks=load_yaml(folder / "remarks.yaml", tuple[Remark, ...]),
        stretches=tuple(_each(folder / "stretches", Stretch)),
        positions=load_yaml(folder / "positions.yaml", tuple[Position, ...]),
        places=load_yaml(folder / "places.yaml", tuple[Place, ...]),
        questions=_by(folder / "triage" / "questions.yaml", "id", questions),
        question_sets=sets.sets,
        self_care_questions=sets.self_care,
        full_check=sets.full_check,
        symptoms=_by(folder / "symptoms.yaml", "label", symptoms),
        outcomes=_by(folder / "triage" / "outcomes.yaml", "level", outcomes),
        regions=_by(folder / "regions.yaml", "code", regions),
        phrases=load_yaml(folder / "phrases.yaml", dict[str, tuple[Template, ...]]),
        part_names=load_yaml(folder / "body_parts.yaml", dict[BodyPart, str]),
    )
    check(content, folder)
    return content


@lru_cache(maxsize=4)
def default_content(language: str = "en") -> Content:
    """The content that ships with the package, read once."""
    return load_content(data_file(f"prompts/{language}"))


def _each(folder: Path, kind: type[T]) -> Iterator[T]:
    """The items of all YAML files of a folder, in order of file name."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ContentError(f"{folder}: holds no .yaml file; restore it from the repository")
    for path in paths:
        items: list[T] = load_yaml(path, list[kind])  # type: ignore[valid-type]
        yield from items


def _by(path: Path, key: str, items: list[T]) -> dict[Any, T]:
    """The items by one of their fields. Raises ContentError when two share it."""
    found: dict[Any, T] = {}
    for item in items:
        name = getattr(item, key)
        if name in found:
            label = getattr(name, "value", name)
            fault = f"{path.name} {label}: {key} '{label}' stands twice; remove one"
            raise ContentError(located(fault, path.parent))
        found[name] = item
    return found
