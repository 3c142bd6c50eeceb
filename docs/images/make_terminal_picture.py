"""Draws a recorded conversation as a terminal window: ``make pictures``.

Reads a script of ``tests/conversations`` as ``antragslotse chat --record`` writes it; nothing in the picture was
written for the picture. Usage: ``make_terminal_picture.py [SCRIPT [PICTURE]]``.
"""

import sys
import textwrap
from html import escape
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "conversations" / "elternentschaedigung" / "picture.txt"
PICTURE = ROOT / "docs" / "images" / "terminal.svg"

COLUMNS, ROWS = 84, 34
CELL, LINE, MARGIN, BAR = 8.43, 20, 18, 34
"""Width of a character and height of a line at 14 pixels; margin; height of the window's title bar."""

COLOURS = {"bot": "#e6e1d6", "choice": "#9fc5a8", "you": "#f2c46d", "note": "#8d8a82"}


class Line(NamedTuple):
    """One line of the screen and who it belongs to: a key of COLOURS."""

    who: str
    text: str


def main(arguments: list[str]) -> None:
    script = Path(arguments[0]) if arguments else SCRIPT
    picture = Path(arguments[1]) if len(arguments) > 1 else PICTURE
    if not script.exists():
        sys.exit(f"no {script.name}: record one with antragslotse chat PROCEDURE --record {script.name}")
    lines = [line for raw in script.read_text("utf-8").splitlines() for line in screen(raw)]
    if len(lines) > ROWS:
        lines = [*lines[: ROWS - 1], Line("note", "…")]
    picture.write_text(drawing(lines), "utf-8")
    sys.stdout.write(f"{picture.relative_to(ROOT) if picture.is_relative_to(ROOT) else picture}: {len(lines)} lines\n")


def screen(raw: str) -> list[Line]:
    """What one line of the script looks like on the screen. Lines that only check something are left out."""
    who, colon, text = raw.partition(": ")
    if not colon or who not in ("bot", "you"):
        return []
    if who == "you":
        return [Line("you", f"> {text}"), Line("note", "")]
    said, choices = without_choices(text)
    return [
        *(wrapped("bot", said) if said else []),
        *[Line("choice", f"  {n}  {choice}") for n, choice in enumerate(choices, 1)],
    ]


def without_choices(text: str) -> tuple[str, list[str]]:
    """``Frage? [Ja] [Nein]`` as the question and its choices."""
    text = f" {text}"
    choices: list[str] = []
    while text.endswith("]") and " [" in text:
        text, _, choice = text[:-1].rpartition(" [")
        choices.insert(0, choice)
    return text.strip(), choices


def wrapped(who: str, text: str) -> list[Line]:
    return [Line(who, line) for part in text.split(" ⏎ ") for line in textwrap.wrap(part, COLUMNS) or [""]]


def drawing(lines: list[Line]) -> str:
    width, height = round(COLUMNS * CELL + 2 * MARGIN), BAR + len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(row(number, line) for number, line in enumerate(lines) if line.text)
    spoken = escape(" ".join(line.text for line in lines), quote=False)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>Ein Gespräch mit dem Antragslotsen im Terminal</title>
<desc>{spoken}</desc>
<rect width="{width}" height="{height}" rx="10" fill="#1f1e1b"/>
<path d="M0 {BAR}V10A10 10 0 0 1 10 0H{width - 10}A10 10 0 0 1 {width} 10V{BAR}Z" fill="#34322d"/>
<g fill="#5b5850"><circle cx="20" cy="17" r="6"/><circle cx="40" cy="17" r="6"/><circle cx="60" cy="17" r="6"/></g>
<text x="{width / 2}" y="22" fill="#b8b3a7" font-family="sans-serif" font-size="13" text-anchor="middle">make run</text>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
{rows}
</g>
</svg>
"""


def row(number: int, line: Line) -> str:
    y = BAR + MARGIN + number * LINE + 14
    return f'<text x="{MARGIN}" y="{y}" fill="{COLOURS[line.who]}">{escape(line.text, quote=False)}</text>'


if __name__ == "__main__":
    main(sys.argv[1:])
