"""What becomes of pictures: only pixels come out, upright, on white, in bounds."""

import itertools
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms

from bot import limits
from bot.evidence.inspect import inspect
from bot.ports import Finding, Inspected
from tests.evidence.files import (
    BLACK,
    BLUE,
    HEIC,
    HEIC_OF_TWO,
    MARKER,
    RED,
    WHITE,
    halves,
    near,
    noise,
    opened,
    picture,
    pixel_bomb,
    png,
    saved,
    with_dimensions,
    with_everything,
    with_segment,
)
from tests.evidence.outputs import examine_jpeg, preview_of

KINDS = ("JPEG", "PNG", "WEBP", "TIFF")


def refused(code):
    return Inspected("refused", findings=(Finding(code),))


def kept(data, *findings):
    """The picture that was made of it, examined."""
    found = inspect(data)
    assert (found.state, found.media_type, found.pages) == ("ready", "image/jpeg", 1)
    assert found.findings == tuple(Finding(code) for code in findings)
    examine_jpeg(found.data)
    preview_of(found)
    image = opened(found.data)
    assert image.mode == "RGB"
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    return image


# Kinds


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_picture_becomes_a_jpeg(kind):
    image = kept(saved(halves(), kind))
    assert image.size == (1200, 900)
    assert near(image.getpixel((100, 400)), RED)
    assert near(image.getpixel((1100, 400)), BLUE)


def test_a_heic_picture_becomes_a_jpeg():
    image = kept(HEIC, "small")
    assert image.size == (64, 48)
    assert near(image.getpixel((5, 20)), RED)
    assert near(image.getpixel((60, 20)), BLUE)


@pytest.mark.parametrize("cut", [24, 100, 400, len(HEIC) - 40])
def test_a_broken_heic_picture_is_refused(cut):
    assert inspect(HEIC[:cut]) == refused("damaged")


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a/*\x00\x01\x00*/=1;alert(1)",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><img src=x>",
        b"<?xml version='1.0'?><svg/>",
        b"PK\x03\x04" + bytes(100) + b"%PDF-1.7",
        b"BM" + bytes(200),
        b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avifmiaf" + bytes(50),
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(50),
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x7fELF" + bytes(60),
        b"MZ" + bytes(60),
        b"8BPS" + bytes(60),
        b"Guten Tag, hier ist meine Meldung.",
        b"\xff",
        b"\x00",
    ],
)
def test_other_kinds_are_refused(data):
    assert inspect(data) == refused("unknown_type")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "PPM", "ICO", "JPEG2000", "AVIF"])
def test_pictures_of_other_kinds_are_refused(kind):
    assert inspect(saved(picture((64, 64)), kind)) == refused("unknown_type")


def test_an_empty_file_is_refused():
    assert inspect(b"") == refused("empty")


def test_a_file_that_is_too_large_is_refused():
    assert inspect(saved(picture()) + bytes(2 * limits.FILE_BYTES)) == refused("too_large")
    assert inspect(bytes(limits.FILE_BYTES + 1)) == refused("too_large")


@pytest.mark.parametrize("start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"RIFF\0\0\0\0WEBP"])
def test_a_start_alone_is_no_picture(start):
    assert inspect(start) == inspect(start + bytes(64)) == refused("damaged")


# Bombs


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded():
    bomb = pixel_bomb()
    assert len(bomb) < 120_000
    begun = time.perf_counter()
    assert inspect(bomb) == refused("too_many_pixels")
    assert time.perf_counter() - begun < 0.1


@pytest.mark.parametrize(("width", "height"), [(7_746, 7_746), (10_000, 9_500), (13_000, 13_000), (60_000, 1_001)])
def test_the_bound_is_on_pixels(width, height):
    assert inspect(png(width, height, 1, 0, [b""])) == refused("too_many_pixels")


def test_the_largest_picture_is_taken():
    side = 7_745
    assert side**2 <= limits.FILE_PIXELS < (side + 1) ** 2
    row = b"\xff" * (side // 8 + 1)
    assert kept(png(side, side, 1, 0, itertools.repeat(row, side))).size == (2400, 2400)


@pytest.mark.parametrize("dimensions", [(65_500, 65_500), (8_000, 8_000)])
def test_a_jpeg_that_claims_too_much_is_refused(dimensions):
    assert inspect(with_dimensions(noise((320, 240)), *dimensions)) == refused("too_many_pixels")


def test_a_jpeg_that_claims_a_little_too_much_stays_in_bounds():
    found = inspect(with_dimensions(noise((320, 240)), 5_000, 5_000))
    assert found == refused("damaged") or max(opened(found.data).size) <= 2_400


def test_of_a_thousand_pictures_only_the_first_is_decoded():
    frames = [picture((64, 64), (n % 256, 250, n // 4)) for n in range(1000)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, method=0)
    begun = time.perf_counter()
    kept(data, "first_picture", "small")
    assert time.perf_counter() - begun < 0.3


def test_a_text_that_unpacks_to_much_is_refused():
    packed = zlib.compress(bytes(80_000_000))
    hidden = ((b"zTXt", b"Comment\0\0" + packed), (b"iCCP", b"x\0\0" + packed))
    assert inspect(png(1000, 1000, 8, 0, [b"\xff" * 1000] * 1000, *hidden)) == refused("damaged")


# Several pictures in one file


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_of_several_pictures_the_first_is_taken_and_said(kind):
    data = saved(picture(color=RED), kind, save_all=True, append_images=[picture(color=BLUE)])
    assert near(kept(data, "first_picture").getpixel((5, 5)), RED)


def test_of_a_heic_of_two_the_first_is_taken():
    assert near(kept(HEIC_OF_TWO, "first_picture", "small").getpixel((5, 5)), RED)


def test_the_second_picture_in_a_phones_jpeg_is_nobodys_business():
    data = saved(picture(color=RED), "MPO", save_all=True, append_images=[picture(color=BLUE)])
    assert near(kept(data).getpixel((5, 5)), RED)


# Metadata and what hides


def test_nothing_but_pixels_comes_out():
    data = with_everything(halves())
    assert data.count(MARKER) >= 8
    found = inspect(data)
    assert MARKER not in found.data + found.preview
    assert b"script" not in found.data
    assert b"PK\x03\x04" not in found.data
    kept(data)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_nothing_but_pixels_comes_out_of_other_kinds(kind):
    exif = Image.Exif()
    exif[0x010F] = MARKER.decode()
    data = saved(halves(), kind, exif=exif.tobytes(), xmp=MARKER, icc_profile=b"x" + MARKER) + b"<html>" + MARKER
    assert MARKER in data
    kept(data)
    assert MARKER not in inspect(data).data


def test_nothing_but_pixels_comes_out_of_a_heic():
    assert b"MARKER" in HEIC
    assert b"MARKER" not in inspect(HEIC).data


def test_the_same_file_always_becomes_the_same():
    assert inspect(with_everything(halves())) == inspect(with_everything(halves()))


# Turning


SIDES = {
    1: ("top", "left"), 2: ("top", "right"), 3: ("bottom", "right"), 4: ("bottom", "left"),
    5: ("left", "top"), 6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom"),
}  # fmt: skip
"""What the first row and the first column of the stored picture are in the upright one (CIPA DC-008, 4.6.4)."""
QUARTERS = {(0, 0): RED, (1, 0): BLUE, (0, 1): BLACK, (1, 1): WHITE}
"""Colours of an upright picture of 2 by 2 fields, the fields twice as wide as high."""


def stored_as(orientation):
    """The upright picture as a camera stores it that was held in another way."""
    first_row, first_column = SIDES[orientation]
    lies = first_row in ("left", "right")
    field = (160, 320) if lies else (320, 160)
    image = picture((2 * field[0], 2 * field[1]))
    for (column, row), color in QUARTERS.items():
        along, across = (row, column) if not lies else (column, row)
        along = 1 - along if first_row in ("bottom", "right") else along
        across = 1 - across if first_column in ("bottom", "right") else across
        left, top = across * field[0], along * field[1]
        image.paste(color, (left, top, left + field[0], top + field[1]))
    return image


@pytest.mark.parametrize("orientation", SIDES)
@pytest.mark.parametrize("kind", KINDS)
def test_pictures_are_turned_upright(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = kept(saved(stored_as(orientation), kind, exif=exif), "small")
    assert image.size == (640, 320)
    for (column, row), color in QUARTERS.items():
        assert near(image.getpixel((160 + 320 * column, 80 + 160 * row)), color), (column, row)


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert kept(saved(halves(), exif=exif)).size == (1200, 900)


def test_broken_exif_turns_nothing():
    assert kept(with_segment(saved(halves()), 0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")).size == (1200, 900)


# Colours


def test_cmyk_becomes_rgb():
    assert near(kept(saved(picture(mode="CMYK", color=(0, 255, 255, 0)))).getpixel((5, 5)), (255, 0, 0))


def test_sixteen_bits_of_grey_become_eight():
    ramp = Image.frombytes("I;16", (1024, 800), struct.pack("<1024H", *range(0, 65536, 64)) * 800)
    for kind in ("PNG", "TIFF"):
        image = kept(saved(ramp, kind))
        assert [image.getpixel((x, 9))[0] // 8 for x in (4, 256, 512, 768, 1020)] == [0, 8, 16, 24, 31]


def test_sixteen_bits_of_colour_become_eight():
    row = struct.pack(">HHH", 65535, 32768, 0) * 900
    assert near(kept(png(900, 8, 16, 2, [row] * 8)).getpixel((450, 4)), (255, 128, 0))


@pytest.mark.parametrize("mode", ["F", "I"])
def test_what_has_no_white_is_stretched(mode):
    ramp = Image.linear_gradient("L").resize((1000, 800)).convert(mode).point(lambda value: value * 40 + 9)
    image = kept(saved(ramp, "TIFF"))
    assert near(image.getpixel((500, 4)), BLACK)
    assert near(image.getpixel((500, 796)), WHITE)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_what_has_but_one_value_is_some_grey(mode):
    assert inspect(saved(picture((900, 900), 7, mode), "TIFF")).state == "ready"


def test_transparency_lies_on_white():
    clear = picture(color=(0, 0, 0, 0), mode="RGBA")
    clear.paste((*RED, 255), (0, 0, 600, 900))
    for kind in ("PNG", "WEBP", "TIFF"):
        image = kept(saved(clear, kind))
        assert near(image.getpixel((1100, 400)), WHITE)
        assert near(image.getpixel((100, 400)), RED)


def test_a_transparent_palette_lies_on_white():
    image = Image.new("P", (1000, 800), 1)
    image.putpalette([*RED, *BLUE])
    image.paste(0, (0, 0, 500, 800))
    found = kept(saved(image, "PNG", transparency=1))
    assert near(found.getpixel((100, 400)), RED)
    assert near(found.getpixel((900, 400)), WHITE)


@pytest.mark.parametrize(("mode", "color"), [("1", 1), ("L", 255), ("LA", (9, 0)), ("P", 0)])
def test_few_colours_become_rgb(mode, color):
    assert kept(saved(picture((900, 800), color, mode), "PNG"), *["dark"] * (mode == "P")).size == (900, 800)


def test_other_colour_spaces_become_rgb():
    for mode in ("YCbCr", "LAB"):
        assert inspect(saved(picture((900, 800), (200, 128, 128), mode), "TIFF")).state == "ready"


def swapped_profile():
    """sRGB, but red and blue are each other, under another name."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    return swapped.replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))


def test_colours_are_meant_as_their_profile_says():
    data = saved(picture(color=(255, 0, 0)), icc_profile=swapped_profile())
    assert near(kept(data).getpixel((5, 5)), (0, 0, 255))


@pytest.mark.parametrize("profile", [b"broken", swapped_profile()[:300], b"\0" * 128])
def test_a_profile_that_means_nothing_is_passed_over(profile):
    assert near(kept(saved(picture(color=(255, 0, 0)), icc_profile=profile)).getpixel((5, 5)), (255, 0, 0))


def test_a_profile_for_other_colours_is_passed_over():
    assert near(kept(saved(picture(color=200, mode="L"), icc_profile=swapped_profile())).getpixel((5, 5)), (200,) * 3)


# Sizes


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((4000, 3000), (2000, 1500)),  # halved by the decoder
        ((3900, 2925), (2400, 1800)),
        ((2400, 1000), (2400, 1000)),
        ((2401, 1000), (2400, 1000)),
        ((1000, 3000), (800, 2400)),
        ((9000, 3), (2400, 1)),
    ],
)
def test_large_pictures_are_made_smaller(size, wanted):
    assert kept(saved(picture(size))).size == wanted


def test_a_small_picture_is_said():
    kept(saved(picture((799, 600))), "small")
    kept(saved(picture((800, 20))))
    kept(saved(picture((1, 1))), "small")


def test_a_dark_picture_is_said():
    kept(saved(picture(color=(60, 60, 60))), "dark")
    kept(saved(picture(color=(100, 100, 100))))


def test_dark_paper_with_a_lamp_is_dark_and_black_with_a_page_is_not():
    lamp = picture(color=(40, 40, 40))
    lamp.paste(WHITE, (0, 0, 150, 150))
    kept(saved(lamp), "dark")
    page = picture(color=BLACK)
    page.paste(WHITE, (300, 200, 700, 600))
    kept(saved(page))
