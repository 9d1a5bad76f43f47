"""The country whose emergency number is spoken: shown, suggested, and set for good.

The system's language may suggest a country and never decides: a wrong number costs a life.
"""

from __future__ import annotations

import locale
import os

from rich.console import Console

from voiceskill.content.loader import default_content
from voiceskill.content.model import Region
from voiceskill.errors import BadInputError
from voiceskill.settings import Settings, save_region, settings_file


def show_region(settings: Settings, console: Console) -> None:
    """Print the country that is set, or how to set one, and all that are known."""
    regions = default_content(settings.language).regions
    known = regions.get(settings.region) if settings.region else None
    if known:
        console.print(f"{known.name}: the emergency number is {known.number}.")
    else:
        console.print(region_hint(settings))
    for region in regions.values():
        console.print(f"  {region.code}  {region.name}: {region.number}", style="dim")


def set_region(settings: Settings, code: str, console: Console) -> None:
    """Write the country into the settings file. Raises BadInputError when it is not known."""
    regions = default_content(settings.language).regions
    region = regions.get(code.strip().upper())
    if region is None:
        known = ", ".join(sorted(regions))
        raise BadInputError(f"region '{code}' is not known; use one of {known}")
    file = save_region(region.code)
    console.print(f"{region.name}: the emergency number is {region.number}. Kept in {file}.")


def region_hint(settings: Settings) -> str:
    """One line on how to set the country, with the one that the system suggests, if any."""
    suggested = _suggested(default_content(settings.language).regions)
    example = suggested.code if suggested else "GB"
    there = f" Your system suggests {suggested.name}." if suggested else ""
    return (
        f"No country is set, so I say your emergency number.{there} "
        f"Set it once with: voiceskill region {example} (kept in {settings_file()})"
    )


def _suggested(regions: dict[str, Region]) -> Region | None:
    """The country of the system's language: en_GB is the United Kingdom."""
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return regions.get(language.split(".")[0].rpartition("_")[2])
