"""Draws turns as timelines, one below the other: the person above, the assistant below, the last
steps once more under a magnifying glass."""

from __future__ import annotations

import math

from benchmarks.svg import Svg
from benchmarks.trace_turns import Turn

KINDS = {
    "open": "open question",
    "where": "place",
    "yes_no": "yes or no",
    "command": "command",
    "interruption": "interruption",
}
"""What a turn is, for people."""

WIDTH = 920
HEAD, ROW, FOOT = 84, 46, 34
LABEL_X, TOTAL_X = 16, 904
MAIN_X, MAIN_WIDTH = 200, 420
GLASS_X, GLASS_WIDTH = 656, 100
GLASS_TEXT = 6
LETTERS = 24
"""So much of what was said fits beside its timeline."""

DIGIT = 6.5
"""Width of a digit: a number is left out where a bar has no room for it."""

BEFORE_LIMIT_S, AFTER_S = 2.5, 0.35
"""Speech that is longer is shown from there on; the answer is shown so long."""

TICK_S = 0.5

STYLE = """<style>
text { font: 11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1f2328 }
.page { fill: #ffffff } .dim { fill: #59636e } .right { text-anchor: end }
.middle { text-anchor: middle } .strong { font-weight: 600 }
.grid { stroke: #d1d9e0 } .zero { stroke: #59636e; stroke-dasharray: 3 2 }
.speech { fill: #0969da } .wait { fill: url(#hatch) }
.hatch { fill: #eaeef2 } .hatching { stroke: #b3bcc6; stroke-width: 2 }
.understand { fill: #bf5700 } .render { fill: #8250df } .out { fill: #24292f }
.voice { fill: #1a7f37 } .cut { stroke: #cf222e; stroke-width: 2.5 } .cuts { fill: #cf222e }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .page { fill: #0d1117 } .dim { fill: #9198a1 }
.grid { stroke: #3d444d } .zero { stroke: #9198a1 }
.speech { fill: #4493f8 }
.hatch { fill: #21262d } .hatching { stroke: #3d444d }
.understand { fill: #f0883e } .render { fill: #bc8cff } .out { fill: #d1d7e0 }
.voice { fill: #3fb950 } .cut { stroke: #ff7b72 } .cuts { fill: #ff7b72 }
}
</style>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
patternTransform="rotate(45)"><rect class="hatch" width="6" height="6"/>
<line class="hatching" x1="1" y1="0" x2="1" y2="6"/></pattern></defs>"""


def draw(turns: list[Turn], of: int) -> str:
    """The picture of some of ``of`` turns, as SVG."""
    height = HEAD + ROW * len(turns) + FOOT
    svg = Svg(WIDTH, height, f"Timelines of {len(turns)} spoken turns")
    svg.define(STYLE)
    svg.rect("page", 0, 0, WIDTH, height)
    scale = _Scale(turns)
    _legend(svg)
    _axes(svg, scale, HEAD + ROW * len(turns))
    for number, turn in enumerate(turns):
        _turn(svg, scale, turn, HEAD + ROW * number)
    if len(turns) < of:
        svg.text("dim", LABEL_X, height - 12, f"{len(turns)} of {of} turns")
    return str(svg)


class _Scale:
    """Seconds from the end of speech to pixels, the same for all turns."""

    def __init__(self, turns: list[Turn]) -> None:
        before_s = max(turn.ended - min(turn.began, turn.cut or turn.began) for turn in turns)
        self.from_s = -min(before_s + AFTER_S, BEFORE_LIMIT_S)
        self.to_s = max(turn.playing - turn.ended for turn in turns) + AFTER_S
        longest_ms = max(1000 * (turn.playing - turn.final) for turn in turns)
        self.glass_ms = max(10, 10 * math.ceil(longest_ms / 10))

    def x(self, seconds: float) -> float:
        """Where a moment is, kept within the picture."""
        kept = min(max(seconds, self.from_s), self.to_s)
        return MAIN_X + MAIN_WIDTH * (kept - self.from_s) / (self.to_s - self.from_s)

    def glass_x(self, seconds: float) -> float:
        """Where a moment after the final is under the glass."""
        return GLASS_X + GLASS_WIDTH * 1000 * seconds / self.glass_ms


def _legend(svg: Svg) -> None:
    x = float(LABEL_X)
    for name, words in (
        ("speech", "person speaks"),
        ("wait", "quiet, until it is final"),
        ("understand", "1 understanding"),
        ("render", "2 rendering"),
        ("out", "3 to the first sample"),
        ("voice", "assistant speaks"),
    ):
        svg.rect(name, x, 14, 14, 11)
        svg.text("", x + 19, 24, words)
        x += 40 + 6.1 * len(words)
    svg.line("cut", x + 2, 12, x + 2, 27)
    svg.text("", x + 9, 24, "cut")


def _axes(svg: Svg, scale: _Scale, bottom: float) -> None:
    for step in range(math.ceil(scale.from_s / TICK_S), math.floor(scale.to_s / TICK_S) + 1):
        x = scale.x(step * TICK_S)
        svg.line("zero" if step == 0 else "grid", x, HEAD - 10, x, bottom)
        svg.text("dim middle", x, bottom + 16, f"{step * TICK_S:g}" + (" s" if step == 0 else ""))
    svg.text("dim middle", scale.x(0), HEAD - 16, "end of speech")
    # The far end has no line through the numbers beside the bars.
    far = GLASS_X + GLASS_WIDTH
    svg.line("grid", GLASS_X, HEAD - 10, GLASS_X, bottom)
    svg.line("grid", far, bottom - 6, far, bottom)
    svg.text("dim middle", GLASS_X, bottom + 16, "0")
    svg.text("dim middle", far, bottom + 16, f"{scale.glass_ms} ms")
    svg.text("dim", GLASS_X, HEAD - 30, "from final to first sample,")
    svg.text("dim", GLASS_X, HEAD - 16, "enlarged: 1 + 2 + 3, ms")
    svg.text("dim right", TOTAL_X, HEAD - 30, "end of speech")
    svg.text("dim right", TOTAL_X, HEAD - 16, "to sound")


def _turn(svg: Svg, scale: _Scale, turn: Turn, top: float) -> None:
    svg.begin("turn")
    words = turn.text if len(turn.text) <= LETTERS else turn.text[: LETTERS - 1].rstrip() + "…"
    svg.text("", LABEL_X, top + 14, words)
    svg.text("dim", LABEL_X, top + 29, KINDS.get(turn.kind, turn.kind))
    _person(svg, scale, turn, top + 4)
    _assistant(svg, scale, turn, top + 20)
    _glass(svg, scale, turn, top + 4)
    svg.text("strong right", TOTAL_X, top + 15, _ms(turn.playing - turn.ended) + " ms")
    svg.end()


def _person(svg: Svg, scale: _Scale, turn: Turn, top: float) -> None:
    began, ended, final = (scale.x(t - turn.ended) for t in (turn.began, turn.ended, turn.final))
    svg.rect("speech", began, top, ended - began, 14)
    # Beside the bar: a cut crosses it.
    svg.text("right", began - 4, top + 11, _ms(turn.ended - turn.began))
    svg.rect("wait", ended, top, final - ended, 14)
    waited = _ms(turn.final - turn.ended)
    if final - ended >= DIGIT * len(waited) + 4:
        svg.text("middle", (ended + final) / 2, top + 11, waited)
    for name, start, end in _steps(turn):
        left, right = (scale.x(t - turn.ended) for t in (start, end))
        svg.rect(name, left, top, right - left, 14)


def _assistant(svg: Svg, scale: _Scale, turn: Turn, top: float) -> None:
    if turn.cut is not None:
        cut = scale.x(turn.cut - turn.ended)
        svg.rect("voice", MAIN_X, top, cut - MAIN_X, 9)
        svg.line("cut", cut, top - 18, cut, top + 12)
        svg.text("cuts", cut + 5, top + 9, "cut")
    sounds = scale.x(turn.playing - turn.ended)
    svg.rect("voice", sounds, top, MAIN_X + MAIN_WIDTH - sounds, 9)


def _glass(svg: Svg, scale: _Scale, turn: Turn, top: float) -> None:
    for name, start, end in _steps(turn):
        left, right = (scale.glass_x(t - turn.final) for t in (start, end))
        svg.rect(name, left, top, right - left, 14)
    numbers = " + ".join(_ms(end - start) for _, start, end in _steps(turn))
    svg.text("", scale.glass_x(turn.playing - turn.final) + GLASS_TEXT, top + 11, numbers)


def _steps(turn: Turn) -> tuple[tuple[str, float, float], ...]:
    """What the machine does between the final and the first sample."""
    return (
        ("understand", turn.final, turn.understood),
        ("render", turn.understood, turn.rendered),
        ("out", turn.rendered, turn.playing),
    )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f}"
