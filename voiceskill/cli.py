"""The commands. What each promises to scripts stands in docs/commands.md."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path
from threading import RLock
from typing import Annotated, Any

import typer
from rich.console import Console

from voiceskill import __version__
from voiceskill.errors import BadInputError, VoiceSkillError, fail
from voiceskill.service_cli import service_app
from voiceskill.settings import Settings, load_settings

UsageError: Any = typer.BadParameter.__bases__[0]
"""What typer raises for wrong usage: click's, or that of the click it carries in newer versions."""

INTERRUPTED = 130
"""What newer versions of typer return for Ctrl-C."""

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Offline voice assistant for muscle cramps. Information, not a doctor.",
)
models_app = typer.Typer(rich_markup_mode=None, help="Speech models.")
app.add_typer(models_app, name="models")
app.add_typer(service_app, name="service")

Engine = Annotated[str | None, typer.Option(help="vosk or whisper; else the best installed.")]
Region = Annotated[str | None, typer.Option(help="Country of the emergency number: US, GB ...")]
VoiceName = Annotated[str | None, typer.Option("--voice", help="Voice of the assistant.")]
Rate = Annotated[int | None, typer.Option(help="Words a minute.")]


def run_command() -> int:
    """Run the command that the arguments name; its exit status.

    Raises KeyboardInterrupt, OSError or ModuleNotFoundError for the program's start to tell.
    """
    logging.basicConfig(level=logging.WARNING, format="voiceskill: %(message)s")
    try:
        status = app(standalone_mode=False)
    except UsageError as fault:
        return fail(f"{fault.format_message()} See: voiceskill --help", 2)
    except VoiceSkillError as fault:
        return fail(str(fault), fault.exit_status)
    except typer.Abort:
        raise KeyboardInterrupt from None
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    return status if isinstance(status, int) else 0


def _emit(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"voiceskill {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def understand() -> None:
    """Utterances on standard input, one a line; their meaning as JSON."""
    from voiceskill.happenings import meaning_as_json
    from voiceskill.understanding import load_nlu

    nlu = load_nlu(load_settings().language)
    for line in sys.stdin:
        _emit(meaning_as_json(nlu.understand(line.rstrip("\r\n"))))


@app.command()
def chat(
    as_json: Annotated[bool, typer.Option("--json", help="One object a turn.")] = False,
    region: Region = None,
) -> None:
    """A conversation in text. An empty line is silence, --- starts anew."""
    from voiceskill.textchat import TextChat

    settings = load_settings(region=region)
    show = _emit_turn if as_json else _turn_printer()
    for chat_, line in _chat_lines(lambda: _new_chat(settings, TextChat), prompt=not as_json):
        show(chat_.start() if line is None else chat_.say(line))


def _new_chat(settings: Settings, kind: Callable[[Any], Any]) -> Any:
    from voiceskill.skill import new_session

    return kind(new_session(settings))


def _chat_lines(new_chat: Callable[[], Any], *, prompt: bool) -> Iterator[tuple[Any, str | None]]:
    """Each turn with its conversation; None stands for the greeting."""
    chat_ = new_chat()
    yield chat_, None
    ask = prompt and sys.stdin.isatty()
    while True:
        if ask:
            sys.stdout.write("you        ")
            sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip() == "---":
            chat_ = new_chat()
            yield chat_, None
        else:
            yield chat_, line


def _emit_turn(turn: Any) -> None:
    _emit(turn.as_json())


def _turn_printer() -> Callable[[Any], None]:
    from voiceskill.captions import turn_lines

    console = Console(highlight=False)

    def show(turn: Any) -> None:
        for line in turn_lines(turn):
            console.print(line)

    return show


@app.command()
def show(
    protocol: Annotated[str | None, typer.Argument(help="R1, R7-lying ...; else a list.")] = None,
) -> None:
    """The relief protocols for the eye: a list, or one with steps, holds, cautions, sources."""
    from voiceskill.content.loader import default_content
    from voiceskill.show import show_list, show_protocol

    content, console = default_content(load_settings().language), Console(highlight=False)
    if protocol is None:
        show_list(content, console)
    else:
        show_protocol(protocol, content, console)


@app.command()
def hear(
    file: Annotated[Path, typer.Argument(help="A WAV file: any rate, mono or stereo.")],
    as_json: Annotated[bool, typer.Option("--json", help="One object an utterance.")] = False,
    engine: Engine = None,
    partials: Annotated[bool, typer.Option(help="Also the words so far.")] = False,
) -> None:
    """Speech recognition alone."""
    from voiceskill.hearing import hear_file
    from voiceskill.stt.recognizer import Partial

    settings = load_settings(engine=engine)
    for result in hear_file(file, settings):
        if isinstance(result, Partial):
            if partials:
                _emit({"partial": result.text, "at": round(result.at, 3)})
        elif as_json or partials:
            words = [
                {
                    "word": w.word,
                    "start": round(w.start, 3),
                    "end": round(w.end, 3),
                    "conf": round(w.conf, 3),
                }
                for w in result.words
            ]
            _emit(
                {
                    "text": result.text,
                    "confidence": round(result.confidence, 3),
                    "start": round(result.start, 3),
                    "end": round(result.end, 3),
                    "words": words,
                }
            )
        elif result.text:
            sys.stdout.write(result.text + "\n")


@app.command()
def talk(
    input_file: Annotated[
        Path | None, typer.Option("--input", help="A WAV file instead of the microphone.")
    ] = None,
    output_file: Annotated[
        Path | None, typer.Option("--output", help="A WAV file instead of the loudspeaker.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Every event as JSON.")] = False,
    wake: Annotated[
        bool, typer.Option("--wake", help="Sleep until the wake phrase or a cry for help.")
    ] = False,
    trace_file: Annotated[
        Path | None, typer.Option("--trace", help="Write every event with its time; no sound.")
    ] = None,
    engine: Engine = None,
    region: Region = None,
    voice: VoiceName = None,
    rate: Rate = None,
) -> None:
    """The assistant: listens, answers, talks you through a stretch."""
    from voiceskill.captions import Captions
    from voiceskill.talking import talk as converse
    from voiceskill.trace import Trace

    _keep_apart({"--input": input_file, "--output": output_file, "--trace": trace_file})
    settings = load_settings(engine=engine, region=region, voice=voice, rate=rate)
    captions = Captions(Console(highlight=False))
    tellers = [(lambda h: _emit(h.as_json())) if as_json else captions.show]
    if not as_json and not sys.stdout.isatty():
        tellers.append(_log_trouble)
    # The voice tells of trouble in a thread of its own, the trace while it is told something.
    one_at_a_time = RLock()

    def tell_all(happening: Any) -> None:
        with one_at_a_time:
            for tell in tellers:
                tell(happening)

    with ExitStack() as opened:
        if trace_file:
            tellers.append(opened.enter_context(Trace(trace_file, tell_all)).write)
        converse(
            settings,
            tell_all,
            input_file,
            output_file,
            wake=wake,
        )


def _keep_apart(files: dict[str, Path | None]) -> None:
    """Raise BadInputError when two options name one file: the one would overwrite the other."""
    given = [(option, file) for option, file in files.items() if file]
    for (option, file), (other, same) in combinations(given, 2):
        if file.resolve() == same.resolve():
            raise BadInputError(f"{option} and {other} are both {same}; give one another name")


def _log_trouble(happening: Any) -> None:
    """Trouble on standard error too, for a service's journal: nobody sees its captions. What was
    said is not in it."""
    from voiceskill.happenings import Trouble

    if isinstance(happening, Trouble):
        logging.getLogger(__name__).warning("%s", happening.message)


@app.command()
def say(
    text: Annotated[str | None, typer.Argument(help="What to say.")] = None,
    output_file: Annotated[
        Path | None, typer.Option("--output", help="A WAV file instead of the loudspeaker.")
    ] = None,
    voice: VoiceName = None,
    rate: Rate = None,
    list_voices: Annotated[bool, typer.Option("--list", help="Name the voices.")] = False,
) -> None:
    """Speak a text, to hear what the voice sounds like."""
    from voiceskill.talking import say_text, voice_names

    settings = load_settings(voice=voice, rate=rate)
    if list_voices:
        sys.stdout.write("\n".join(voice_names(settings)) + "\n")
        return
    if text is None:
        raise BadInputError('nothing to say; give a text: voiceskill say "Pull your toes up."')
    say_text(settings, text, output_file)


@app.command()
def prepare(voice: VoiceName = None, rate: Rate = None) -> None:
    """Render everything that can be said in advance, so that it is spoken at once."""
    from voiceskill.talking import prepare_prompts

    settings = load_settings(voice=voice, rate=rate)
    done = prepare_prompts(settings, Console(stderr=True))
    sys.stdout.write(f"{done.rendered} sentences rendered, {done.already} were there already\n")


@app.command()
def devices() -> None:
    """The sound devices, and which of them are used."""
    from voiceskill.audio.devices import list_devices

    found = list_devices()
    for device in found:
        sys.stdout.write(str(device) + "\n")
    if not found:
        sys.stdout.write("No sound device here. Plug in a microphone or headset and look again.\n")


@app.command()
def region(
    code: Annotated[str | None, typer.Argument(help="US, GB ...; without it, a list.")] = None,
) -> None:
    """The country whose emergency number is spoken: show it, or set it for good."""
    from voiceskill.regions import set_region, show_region

    settings, console = load_settings(), Console(highlight=False, soft_wrap=True)
    if code is None:
        show_region(settings, console)
    else:
        set_region(settings, code, console)


@app.command()
def doctor(engine: Engine = None, voice: VoiceName = None) -> None:
    """What works on this machine, and what to do about what does not."""
    from voiceskill.doctor import examine

    settings = load_settings(engine=engine, voice=voice)
    if not examine(settings, Console(highlight=False)):
        raise typer.Exit(1)


@app.command()
def run(engine: Engine = None, region: Region = None) -> None:
    """With a microphone: talk. Without: play a recorded conversation and show it."""
    from voiceskill.demo import run_here
    from voiceskill.regions import region_hint

    settings, console = load_settings(engine=engine, region=region), Console(highlight=False)
    if settings.region is None:
        console.print(region_hint(settings), style="dim", soft_wrap=True)
    run_here(settings, console)


@models_app.command("list")
def models_list() -> None:
    """The speech models there are, and which of them are installed."""
    from voiceskill.stt import models

    for line in models.describe():
        sys.stdout.write(line + "\n")


@models_app.command("fetch")
def models_fetch(
    name: Annotated[str | None, typer.Argument(help="Name of the model.")] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds to wait for the network.")
    ] = 30.0,
) -> None:
    """Fetch a speech model, check it and put it in its place."""
    from voiceskill.stt import models

    folder = models.fetch(name, timeout_s=timeout)
    sys.stdout.write(f"{folder}\n")


@models_app.command("verify")
def models_verify(name: Annotated[str | None, typer.Argument()] = None) -> None:
    """Check the installed models against their known sizes and hashes."""
    from voiceskill.stt import models

    for line in models.verify(name):
        sys.stdout.write(line + "\n")


@models_app.command("path")
def models_path(name: Annotated[str | None, typer.Argument()] = None) -> None:
    """Where a model lies."""
    from voiceskill.stt import models

    sys.stdout.write(f"{models.path(name)}\n")
