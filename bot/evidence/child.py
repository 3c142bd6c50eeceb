"""The process that touches files of strangers: ``python -m bot.evidence.child CPU_SECONDS MEMORY_MIB``.

Laws: it reads a frame and answers with one, until its input ends. Before the first frame it gives up what it does not
need: memory, time, the power to open any file or socket, to write a file, to leave a core dump. It knows no secret.
"""

from __future__ import annotations

import io
import os
import resource
import sys
from typing import BinaryIO, Final

import pikepdf
from PIL import Image

from bot.evidence.frames import LENGTH_BYTES, READY, framed, packed
from bot.evidence.inspect import inspect
from bot.limits import MIB

NICENESS: Final = 10
"""Turns of the dialog go first."""


def main(cpu_seconds: int, memory_mib: int) -> None:
    answers = _only_answers_go_out()
    _meet_every_decoder()
    _give_up_powers(memory_mib * MIB)
    questions = sys.stdin.buffer
    _say(answers, READY)
    while (data := _next_frame(questions)) is not None:
        _allow_seconds(cpu_seconds)
        _say(answers, packed(inspect(data)))


def _only_answers_go_out() -> BinaryIO:
    """What a library prints to standard output must not be taken for an answer."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def _meet_every_decoder() -> None:
    """Libraries load parts of themselves at first use; later they could not."""
    picture = Image.new("RGB", (8, 8), "white")
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        file = io.BytesIO()
        picture.save(file, kind)
        assert inspect(file.getvalue()).state == "ready"
    with pikepdf.new() as document:
        document.add_blank_page()
        file = io.BytesIO()
        document.save(file)
    assert inspect(file.getvalue()).state == "ready"
    inspect(b"%PDF-")


def _give_up_powers(memory: int) -> None:
    os.nice(NICENESS)
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _next_number())


def _next_number() -> int:
    """What the next file or socket would get. As a bound it leaves none for any."""
    number = os.dup(0)
    os.close(number)
    return number


def _lower(limit: int, most: int) -> None:
    """For good: neither this process nor what takes it over gets it back."""
    _, hard = resource.getrlimit(limit)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (bound, bound))


def _allow_seconds(seconds: int) -> None:
    """So many more of processor time, from now on; then SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _next_frame(questions: BinaryIO) -> bytes | None:
    """None where nobody asks any more."""
    length = questions.read(LENGTH_BYTES)
    data = questions.read(int.from_bytes(length, "big"))
    return data if len(length) == LENGTH_BYTES else None


def _say(answers: BinaryIO, content: bytes) -> None:
    rest = memoryview(framed(content))
    while rest:
        rest = rest[answers.write(rest) :]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
