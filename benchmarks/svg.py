"""A small writer of SVG: rectangles, lines and text, styled by classes."""

from __future__ import annotations

from html import escape


class Svg:
    """A picture that grows; lengths in pixels."""

    def __init__(self, width: int, height: int, title: str) -> None:
        """``title`` is what a screen reader says."""
        self._size = (width, height)
        self._parts = [f"<title>{escape(title)}</title>"]

    def define(self, text: str) -> None:
        """Styles and patterns, as they are."""
        self._parts.append(text)

    def begin(self, name: str) -> None:
        """A group of this class, until ``end``."""
        self._parts.append(f'<g class="{name}">')

    def end(self) -> None:
        """Close the group."""
        self._parts.append("</g>")

    def rect(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """A rectangle of a class."""
        self._parts.append(
            f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" '
            f'width="{width:.1f}" height="{height:.1f}"/>'
        )

    def line(self, name: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A line of a class."""
        self._parts.append(
            f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
        )

    def text(self, name: str, x: float, y: float, words: str) -> None:
        """Words on a base line; ``name`` may be several classes."""
        self._parts.append(f'<text class="{name}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>')

    def __str__(self) -> str:
        """The whole document."""
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">'
        )
        return "\n".join([head, *self._parts, "</svg>\n"])
