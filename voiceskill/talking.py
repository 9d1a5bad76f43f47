"""Speaking and conversing with real sound: opens what is needed, closes all of it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import Progress

from voiceskill.assistant import Assistant
from voiceskill.audio.file_loudspeaker import FileLoudspeaker
from voiceskill.audio.file_microphone import FileMicrophone
from voiceskill.audio.loudspeaker import Loudspeaker
from voiceskill.audio.microphone import Microphone
from voiceskill.audio.sound import Sound
from voiceskill.audio.wav import check_writable, read_wav
from voiceskill.content.checks import all_lines
from voiceskill.content.line import split_sentences
from voiceskill.content.loader import default_content
from voiceskill.content.unfinished import default_unfinished
from voiceskill.content.waking import default_waking
from voiceskill.dialogue.actions import Say
from voiceskill.errors import ModelError
from voiceskill.happenings import Happening, Trouble, WasSaid
from voiceskill.room import Room
from voiceskill.settings import Settings
from voiceskill.skill import (
    Conversations,
    emergency_sentences,
    new_session,
    open_recognizer,
    open_voice,
)
from voiceskill.speaker import SENTENCE_GAP_S, SPEECH_MARGIN_S, Speaker, with_gap
from voiceskill.stt import heap
from voiceskill.stt.ear import Ear
from voiceskill.stt.recognizer import Recognizer
from voiceskill.stt.vad import VoiceActivity
from voiceskill.stt.watched_recognizer import WatchedRecognizer
from voiceskill.tts.cache import CachedVoice, Prepared
from voiceskill.tts.pyttsx3_voice import Pyttsx3Voice
from voiceskill.turn_taking import TurnTaking
from voiceskill.understanding import load_nlu
from voiceskill.waking import Sleeper
from voiceskill.watchdog import Watchdog

OUTPUT_RATE = 22_050
"""Hz of a file that stands in for the loudspeaker: the voice's own rate."""


def talk(
    settings: Settings,
    tell: Callable[[Happening], None],
    input_file: Path | None = None,
    output_file: Path | None = None,
    wake: bool = False,
) -> None:
    """Converse on microphone and loudspeaker, or on the files that stand in for them; with ``wake``
    asleep until somebody calls, and again after each conversation.

    Raises AudioError, ModelError, VoiceError or BadInputError, each one clear line.
    """
    # Whatever is wrong with prompts or settings shows before anything is opened.
    new_session(settings)
    room: Room | None = None

    def tell_trouble(what: str) -> None:
        tell(Trouble(room.microphone.position_s if room else 0.0, what))

    with ExitStack() as opened:
        voice = open_voice(settings, tell_trouble)
        opened.callback(voice.close)
        _have_ready(voice, settings)
        last_words = _notice("hearing_gone", voice, settings)
        heap.pass_over_what_is_loaded()
        watchdog = Watchdog()
        room = _room(settings, voice, watchdog, input_file, output_file)
        opened.callback(room.close)
        recognizer = WatchedRecognizer(lambda: open_recognizer(settings), tell_trouble)
        opened.callback(recognizer.close)
        speaker = Speaker(voice, room, settings.rate, tell)
        unfinished = default_unfinished(settings.language).matches
        floor = TurnTaking(Ear(recognizer, VoiceActivity(), unfinished), speaker, room, tell)
        conversations = Conversations(settings)
        opened.callback(conversations.close)
        assistant = Assistant(
            conversations.next,
            floor,
            tell,
            recognizer.name,
            _sleeper(settings, recognizer) if wake else None,
        )
        watchdog.ready()
        opened.callback(watchdog.stopping)
        try:
            assistant.run()
        except ModelError:
            _say_last(last_words, room, tell)
            raise


def _sleeper(settings: Settings, recognizer: Recognizer) -> Sleeper:
    return Sleeper(
        recognizer,
        default_waking(settings.language),
        load_nlu(settings.language).understand,
        settings.wake_phrase,
    )


def _room(
    settings: Settings,
    voice: CachedVoice,
    watchdog: Watchdog,
    input_file: Path | None,
    output_file: Path | None,
) -> Room:
    if input_file or output_file:
        microphone = _microphone(settings, input_file)
        loudspeaker = _loudspeaker(settings, output_file)
        loudspeaker.gain_db = settings.gain_db
        return Room(microphone, loudspeaker)
    from voiceskill.audio.echo import available as can_cancel_echo
    from voiceskill.audio.sound_card import SoundCard
    from voiceskill.card_room import CardRoom

    deaf = _notice("microphone_gone", voice, settings)
    card = SoundCard(settings.microphone, settings.loudspeaker, with_reference=can_cancel_echo())
    card.loudspeaker.gain_db = settings.gain_db
    return CardRoom(card, deaf.sound, watchdog)


def _have_ready(voice: CachedVoice, settings: Settings) -> None:
    """Render in advance the call for help, which must not wait for a voice that hangs just then,
    and what is said when the voice has failed."""
    missing = new_session(settings).notice("words_missing")
    for sentence in (*emergency_sentences(settings), *missing.sentences):
        voice.render(sentence, settings.rate)


class Notice(NamedTuple):
    """What the assistant says about itself, rendered in advance like the call for help."""

    say: Say
    sound: Sound


def _notice(prompt: str, voice: CachedVoice, settings: Settings) -> Notice:
    say = new_session(settings).notice(prompt)
    return Notice(say, voice.render(" ".join(say.sentences), settings.rate))


def _say_last(words: Notice, room: Room, tell: Callable[[Happening], None]) -> None:
    """Whoever speaks to an assistant that gives up is told. Whatever fails at it, what made it give
    up is the fault that counts."""
    with suppress(Exception):
        text = " ".join(words.say.sentences)
        tell(WasSaid(room.microphone.position_s, text, words.say.prompt, words.say.sources))
        room.loudspeaker.play(words.sound)
        room.loudspeaker.wait(words.sound.seconds + SPEECH_MARGIN_S)


def say_text(settings: Settings, text: str, output_file: Path | None) -> None:
    """Speak a text sentence by sentence on the loudspeaker or into a WAV file."""
    if output_file:
        check_writable(output_file)
    with ExitStack() as opened:
        voice = open_voice(settings)
        opened.callback(voice.close)
        sounds = [voice.render(part, settings.rate) for part in split_sentences(text.strip())]
        loudspeaker = _loudspeaker(settings, output_file)
        opened.callback(loudspeaker.close)
        loudspeaker.gain_db = settings.gain_db
        for sound in sounds:
            loudspeaker.play(with_gap(sound, SENTENCE_GAP_S))
        loudspeaker.wait(sum(sound.seconds + SENTENCE_GAP_S for sound in sounds) + SPEECH_MARGIN_S)


def voice_names(settings: Settings) -> list[str]:
    """What ``--voice`` can be."""
    voice = Pyttsx3Voice(settings.voice)
    try:
        return voice.voices()
    finally:
        voice.close()


def prepare_prompts(settings: Settings, console: Console) -> Prepared:
    """Render every sentence that has no slot into the cache, with progress on ``console``."""
    sentences = list(_fixed_sentences(settings))
    with ExitStack() as opened:
        voice = open_voice(settings)
        opened.callback(voice.close)
        bar = opened.enter_context(Progress(console=console))
        task = bar.add_task("Rendering prompts")
        return voice.prepare(
            sentences,
            settings.rate,
            lambda done, all_: bar.update(task, completed=done, total=all_),
        )


def _fixed_sentences(settings: Settings) -> Iterator[str]:
    for _, line in all_lines(default_content(settings.language)):
        yield from (sentence for sentence in line.sentences if "{" not in sentence)


def _microphone(settings: Settings, file: Path | None) -> Microphone:
    if file:
        return FileMicrophone(read_wav(file))
    # Imported here: PortAudio may be missing where files are all that is needed.
    from voiceskill.audio.device_microphone import DeviceMicrophone

    return DeviceMicrophone(settings.microphone)


def _loudspeaker(settings: Settings, file: Path | None) -> Loudspeaker:
    if file:
        return FileLoudspeaker(file, OUTPUT_RATE)
    from voiceskill.audio.device_loudspeaker import DeviceLoudspeaker

    return DeviceLoudspeaker(settings.loudspeaker)
