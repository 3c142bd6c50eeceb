"""Whatever happens to a file on its way, the answer is one of two, and what comes out is clean."""

import asyncio
import random

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.evidence import FINDINGS, REFUSALS
from bot.evidence.inspect import inspect
from bot.evidence.workers import Workers
from tests.evidence.files import (
    ACTIVE,
    HEIC,
    HEIC_OF_TWO,
    add_image,
    bytes_of,
    document,
    halves,
    saved,
    with_everything,
    with_metadata,
)
from tests.evidence.outputs import examine_jpeg, examine_pdf

SEVERAL = {"save_all": True, "append_images": [halves((64, 48))]}


def busy_document():
    pdf = document(2)
    with_metadata(pdf)
    for hide in ACTIVE:
        hide(pdf)
    return bytes_of(pdf)


def packed_document():
    pdf = document()
    add_image(pdf, Image.new("RGB", (40, 30)).tobytes(), (40, 30))
    return bytes_of(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


SEEDS = {
    "jpeg": with_everything(halves((64, 48))),
    "progressive": saved(halves((64, 48)), progressive=True),
    "png": saved(halves((64, 48)), "PNG", **SEVERAL),
    "webp": saved(halves((64, 48)), "WEBP", **SEVERAL),
    "tiff": saved(halves((64, 48)), "TIFF", compression="tiff_lzw", **SEVERAL),
    "heic": HEIC,
    "two": HEIC_OF_TWO,
    "pdf": busy_document(),
    "packed": packed_document(),
}
KILLING = ("heic", "two")
SAFELY = tuple(name for name in SEEDS if name not in KILLING)


@pytest.fixture(scope="module")
def in_a_child():
    """The inspector of the house, for a decoder that some files really kill."""
    workers = Workers(1)
    with asyncio.Runner() as runner:
        yield lambda data: runner.run(workers.inspect(data))
        runner.run(workers.close())


def examine(found):
    codes = {finding.code for finding in found.findings}
    if found.state == "refused":
        assert codes <= set(REFUSALS)
        assert (len(codes), found.data, found.preview, found.pages) == (1, b"", b"", 0)
        return
    assert codes <= set(FINDINGS) - set(REFUSALS)
    examine_jpeg(found.preview)
    (examine_jpeg if found.media_type == "image/jpeg" else examine_pdf)(found.data)


bounded = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def changed(name, chance):
    """Bytes overwritten, pieces cut out, doubled, or swapped in from another file."""
    file = bytearray(SEEDS[name])
    while file and chance.random() < 0.7:
        start = chance.randrange(len(file))
        length = min(chance.choice([1, 1, 2, 4, 16, 100]), len(file) - start)
        other = SEEDS[chance.choice(list(SEEDS))]
        beginning = chance.randrange(len(other))
        new = [
            chance.randbytes(length), bytes(length), b"\xff" * length, b"", bytes(file[start : start + length]) * 2,
            other[beginning : beginning + length],
        ]  # fmt: skip
        file[start : start + length] = chance.choice(new)
    return bytes(file)


@pytest.mark.parametrize("name", SAFELY)
@bounded
@given(chance=st.integers(0, 2**32).map(random.Random))
def test_files_that_were_changed(name, chance):
    examine(inspect(changed(name, chance)))


@pytest.mark.parametrize("name", KILLING)
@bounded
@given(chance=st.integers(0, 2**32).map(random.Random))
def test_files_that_may_kill_a_decoder(name, chance, in_a_child):
    examine(in_a_child(changed(name, chance)))


@bounded
@given(start=st.sampled_from(SAFELY), keep=st.integers(4, 64), rest=st.binary(max_size=400))
def test_files_that_only_begin_as_they_should(start, keep, rest):
    examine(inspect(SEEDS[start][:keep] + rest))


@bounded
@given(st.binary(max_size=100))
def test_anything(data):
    examine(inspect(data))
