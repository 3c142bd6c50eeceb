"""The terminal's picture shows what was recorded, as valid SVG."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "docs" / "images" / "make_terminal_picture.py"


def draw(script: str, folder: Path) -> list[str]:
    (folder / "talk.txt").write_text(script, "utf-8")
    picture = folder / "talk.svg"
    subprocess.run([sys.executable, PROGRAM, folder / "talk.txt", picture], check=True, capture_output=True)
    return [element.text or "" for element in ET.parse(picture).iter("{http://www.w3.org/2000/svg}text")][1:]


def test_what_was_said_is_shown_and_what_was_checked_is_not(tmp_path):
    lines = ("today 2020-06-02 · language de", "bot: Guten Tag! ⏎ Wo & <wie>? [Sachsen] [anderes]", "you: sachsn")
    script = "\n".join([*lines, "case: iban is open"])
    assert draw(script, tmp_path) == ["Guten Tag!", "Wo & <wie>?", "  1  Sachsen", "  2  anderes", "> sachsn"]


def test_a_long_talk_is_cut_and_says_so(tmp_path):
    shown = draw("".join(f"bot: Frage {n}\n" for n in range(90)), tmp_path)
    assert shown[-1] == "…"
    assert len(shown) < 40
