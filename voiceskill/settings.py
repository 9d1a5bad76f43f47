"""One typed settings object: command line over environment over file over default.

The file is settings.toml in the user's settings folder; every field is also an environment
variable with the prefix VOICESKILL_ (VOICESKILL_REGION=GB).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from platformdirs import user_config_path
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from voiceskill.errors import BadInputError

_REGION_LINE = re.compile(r"\s*region\s*=")


def settings_file() -> Path:
    """Where the settings file is looked for; it need not exist."""
    return user_config_path("voiceskill", appauthor=False) / "settings.toml"


def save_region(code: str) -> Path:
    """Write the country into the settings file, everything else in it kept; where it stands now.

    Raises BadInputError when the file cannot be written.
    """
    file, line = settings_file(), f'region = "{code}"'
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        kept = [text for text in lines if not _REGION_LINE.match(text)]
        file.write_text("\n".join([line, *kept]) + "\n", encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInputError(f"{file}: {fault}; make it writable, or set {line} in it") from None
    return file


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What a person can set. See docs/settings.md."""

    language: str = Field(default="en", pattern="^[a-z]{2,3}$")
    """Folder of prompts/ to speak and understand."""

    region: Annotated[str | None, BeforeValidator(_upper)] = None
    """Country whose emergency number is spoken, two letters. Unset: "your emergency number"."""

    engine: Literal["vosk", "whisper"] | None = None
    """Speech engine. Unset: vosk if a model is installed, else whisper."""

    model: Path | None = None
    """Folder of the vosk model. Unset: the installed one."""

    voice: str | None = None
    """Voice of the assistant, as ``voiceskill say --list`` names it."""

    rate: int = Field(default=145, ge=80, le=300)
    """Words a minute."""

    gain_db: float = Field(default=0.0, ge=-30, le=12)
    """Loudness against the normal, dB."""

    remember: bool = False
    """Whether what was asked about is remembered for a day: the same cramp twice is told."""

    wake_phrase: str = Field(default="hey coach", pattern="^[a-zA-Z']+( [a-zA-Z']+)*$")
    """What wakes the sleeping assistant, beside a call for help."""

    microphone: str | None = None
    """Name (or part of it) of the input device. Unset: the system's default."""

    loudspeaker: str | None = None
    """Name (or part of it) of the output device. Unset: the system's default."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="VOICESKILL_", extra="forbid", env_ignore_empty=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line first, then environment, then the file."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=settings_file())
        return (init_settings, env_settings, file)


def load_settings(**given: Any) -> Settings:
    """The settings in force; ``given`` are those of the command line, None meaning not given.

    Raises BadInputError naming the setting, what is wrong and where it can be mended.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as fault:
        error = fault.errors()[0]
        name = ".".join(str(step) for step in error["loc"]) or "settings"
        raise BadInputError(
            f"setting '{name}': {error['msg']}; mend it on the command line, in "
            f"VOICESKILL_{name.upper()} or in {settings_file()}"
        ) from None
    except (ValueError, OSError) as fault:
        raise BadInputError(f"{settings_file()}: {fault}; mend the line or remove it") from None
