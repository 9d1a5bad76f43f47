"""Writes what hassil's parser makes of the templates to prompts/en/nlu/compiled.json, so that it
need not run again at every start. Run as ``python -m voiceskill.nlu.compile``."""

from __future__ import annotations

from pathlib import Path

from voiceskill.data_files import data_file
from voiceskill.nlu.content import COMPILED_NAME, load_nlu_content


def compile_templates(folder: Path, target: Path) -> None:
    """Write the templates of ``folder`` to ``target``; the same templates give the same bytes.

    Raises ContentError on a template that cannot be read.
    """
    load_nlu_content(folder, compiled=False).rules.save(target)


if __name__ == "__main__":
    nlu_folder = data_file("prompts/en/nlu")
    compile_templates(nlu_folder, nlu_folder / COMPILED_NAME)
