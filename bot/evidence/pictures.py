"""Pictures of strangers become a JPEG of ours: decoded within bounds, turned upright, on white, without metadata.

Law: nothing of the file comes out but its pixels. Sizes are read from the header before anything is decoded.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pi_heif  # type: ignore[import-untyped]  # has no stubs
from PIL import Image, ImageCms, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from bot import limits
from bot.evidence.sniff import Kind, Refusal
from bot.ports import Finding, Inspected

LONGEST_SIDE: Final = 2_400
"""Pixels of what is kept. Small print on A4 needs 2,000."""
ENOUGH: Final = 2_000
"""A decoder that can halve a JPEG while decoding may do so as long as the longest side keeps that many pixels."""
PREVIEW_SIDE: Final = 320
QUALITY: Final = 85
PREVIEW_QUALITY: Final = 75

SMALL: Final = 800
"""A longest side below this many pixels is worth a question: A4 at 96 dots per inch has 1,123."""
DARK: Final = 80
"""Brightness of the brightest colour, from 0 to 255: in a picture that is too dark even the paper does not reach it."""
_PAPER: Final = 0.05
"""Part of the pixels that is taken for the brightest of a picture."""

_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (CIPA DC-008, tag 0x0112) to what turns the picture upright."""

_DEEP: Final = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N", "F"})
_SRGB: Final = ImageCms.createProfile("sRGB")

DECODERS: Final = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""Imported here and now: the process that decodes cannot open files any more."""

pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
Image.preinit()


def inspect_picture(data: bytes, kind: Kind) -> Inspected:
    """What becomes of a picture of that kind. Raises :class:`Refusal`, and what decoders raise at broken files."""
    with _strict_about_size():
        try:
            picture, several = _decoded(data, kind)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refusal("too_many_pixels") from None
        preview = small_picture(picture)
        findings = (
            (Finding("first_picture"),) * several
            + (Finding("small"),) * (max(picture.size) < SMALL)
            + (Finding("dark"),) * _is_dark(preview)
        )
        rebuilt = jpeg_of(picture)
    return Inspected("ready", "image/jpeg", 1, rebuilt, jpeg_of(preview, PREVIEW_QUALITY), findings)


def jpeg_of(picture: Image.Image, quality: int = QUALITY) -> bytes:
    """An RGB picture as a JPEG with JFIF's own header and nothing else that is not the picture."""
    picture.info = {}  # Pillow would write a comment from here
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def small_picture(picture: Image.Image) -> Image.Image:
    """A copy that fits the preview."""
    return _scaled(picture, PREVIEW_SIDE)


def check_pixels(width: int, height: int) -> None:
    """Raises :class:`Refusal` where the house does not decode so many."""
    if width * height > limits.FILE_PIXELS:
        raise Refusal("too_many_pixels")


@contextmanager
def _strict_about_size() -> Iterator[None]:
    """Pillow's warning of a bomb is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _decoded(data: bytes, kind: Kind) -> tuple[Image.Image, bool]:
    """The (first) picture as it is to be kept, and whether the file holds more."""
    with Image.open(io.BytesIO(data), formats=[kind]) as source:
        check_pixels(*source.size)
        # the second picture in a phone's JPEG is its own business (depth, brightness), not a page
        several = kind != "JPEG" and bool(getattr(source, "is_animated", False))
        _decode_smaller(source)
        source.load()
        check_pixels(*source.size)
        turn, profile = _turn(source), source.info.get("icc_profile")
        picture = _on_white(_scaled(_shallow(source), LONGEST_SIDE), profile)
    return (picture.transpose(turn) if turn is not None else picture), several


def _decode_smaller(source: Image.Image) -> None:
    """A JPEG's decoder is told to make a half, a quarter or an eighth of it, where that is enough."""
    longest = max(source.size)
    for part in (8, 4, 2):
        if longest // part >= ENOUGH:
            source.draft(source.mode, (max(1, source.width // part), max(1, source.height // part)))
            return


def _turn(source: Image.Image) -> Image.Transpose | None:
    # after decoding: a PNG may say it at its end, and TIFF and HEIF have turned by then and say so
    with suppress(OSError, ValueError, KeyError, IndexError, TypeError, SyntaxError, struct.error):
        return _TURNS.get(source.getexif().get(_ORIENTATION, 1))
    return None


def _shallow(source: Image.Image) -> Image.Image:
    """With 8 bits a channel, in a mode that can be scaled."""
    if source.mode in _DEEP:
        return _eight_bits(source)
    # a copy of sixty million pixels is dear
    if source.mode in ("RGBA", "CMYK") or (source.mode in ("RGB", "L") and not source.has_transparency_data):
        return source
    return source.convert("RGBA" if source.has_transparency_data else "RGB")


def _eight_bits(source: Image.Image) -> Image.Image:
    """A deep grey picture; what has no fixed white is stretched from its darkest to its brightest."""
    if source.mode.startswith("I;16"):
        return source.point(lambda value: value * (1 / 256)).convert("L")
    dark, bright = source.getextrema()
    assert isinstance(dark, int | float)
    assert isinstance(bright, int | float)
    scale = 255 / (bright - dark) if bright > dark else 1.0
    return source.convert("F").point(lambda value: value * scale - dark * scale).convert("L")


def _scaled(picture: Image.Image, longest: int) -> Image.Image:
    """A smaller copy, in proportion; the picture itself where it is small enough."""
    if max(picture.size) <= longest:
        return picture.copy()
    part = longest / max(picture.size)
    width, height = (max(1, round(side * part)) for side in picture.size)
    # Hamming is as sharp as bicubic where pictures shrink, at half its price; whole parts are averaged before
    return picture.resize((width, height), Image.Resampling.HAMMING, reducing_gap=1.1)


def _on_white(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB without transparency. A colour profile that does not fit its picture is passed over."""
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    if profile and (converted := _in_srgb(picture, profile)) is not None:
        return converted
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image | None:
    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" not in ImageCms.getProfileDescription(source):
            return ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
    return None


def _is_dark(preview: Image.Image) -> bool:
    """Not even the brightest twentieth of the pixels is bright."""
    counts = preview.convert("HSV").getchannel("V").histogram()
    return sum(counts[DARK:]) < _PAPER * preview.width * preview.height
