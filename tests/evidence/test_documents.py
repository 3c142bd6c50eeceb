"""What becomes of PDF files: the pages as they looked, and nothing else."""

import io
import time
import zipfile
import zlib
from functools import cache

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from bot import limits
from bot.evidence import documents
from bot.evidence.inspect import inspect
from bot.ports import Finding, Inspected
from tests.evidence.files import (
    ACTIVE,
    BLACK,
    BLUE,
    MARKER,
    RED,
    WHITE,
    add_field,
    add_image,
    add_note,
    bytes_of,
    document,
    halves,
    near,
    saved,
    with_dimensions,
    with_everything,
    with_metadata,
)
from tests.evidence.outputs import all_bytes, drawn, examine_jpeg, examine_pdf, preview_of


def refused(code):
    return Inspected("refused", findings=(Finding(code),))


def kept(data, *findings, pages=1):
    """The document that was made of it, examined."""
    found = inspect(data)
    assert (found.state, found.media_type, found.pages) == ("ready", "application/pdf", pages)
    assert found.findings == tuple(Finding(code) for code in findings)
    examine_pdf(found.data)
    preview_of(found)
    assert MARKER not in all_bytes(found.data)
    return found.data


def test_pages_stay_as_they_look():
    found = kept(bytes_of(document(3)), pages=3)
    for number in range(3):
        page = drawn(found, number)
        assert page.size == (400, 300)
        assert page.getpixel((50, 250)) == BLACK
        assert page.getpixel((200, 100)) == WHITE


def test_the_preview_shows_the_first_page():
    preview = preview_of(inspect(bytes_of(document())))
    assert preview.size == (320, 240)
    assert near(preview.getpixel((30, 210)), BLACK)


def test_what_all_pages_inherit_is_not_lost():
    pdf = document()
    page = pdf.pages[0].obj
    pdf.Root.Pages.Rotate, pdf.Root.Pages.MediaBox = 90, Array([0, 0, 400, 200])
    del page["/MediaBox"]
    assert drawn(kept(bytes_of(pdf))).size == (200, 400)


@pytest.mark.parametrize("hide", ACTIVE)
def test_nothing_active_comes_out_and_it_is_said(hide):
    pdf = document()
    hide(pdf)
    data = bytes_of(pdf)
    assert MARKER in all_bytes(data)
    assert drawn(kept(data, "active_content")).getpixel((50, 250)) == BLACK


def test_metadata_comes_out_neither():
    pdf = document()
    with_metadata(pdf)
    data = bytes_of(pdf)
    assert all_bytes(data).count(MARKER) >= 10
    page = drawn(kept(data, "active_content"))
    assert near(page.getpixel((220, 75)), RED)
    assert near(page.getpixel((380, 75)), BLUE)


def test_links_and_views_are_removed_without_a_word():
    pdf = document()
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
    add_note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(MARKER.decode())))
    add_note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=String("x")))
    kept(bytes_of(pdf))


def test_what_was_filled_into_a_form_stays():
    pdf = document()
    add_field(pdf, V=String("MMMM"))
    page = drawn(kept(bytes_of(pdf))).convert("L")
    assert page.crop((150, 50, 250, 150)).getextrema()[0] < 100


def test_what_is_drawn_by_a_note_stays():
    pdf = document()
    look = pdf.make_stream(
        b"1 0 0 rg 0 0 100 100 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 100])
    )
    add_note(pdf, Subtype=Name.Stamp, AP=Dictionary(N=look))
    assert drawn(kept(bytes_of(pdf))).getpixel((200, 100)) == (255, 0, 0)


def test_a_layer_that_is_hidden_stays_hidden():
    pdf = document()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("draft")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page = pdf.pages[0].obj
    page.Resources = Dictionary(Properties=Dictionary(L=layer))
    page.Contents = pdf.make_stream(b"/OC /L BDC 0 0 100 100 re f EMC 200 200 50 50 re f")
    page = drawn(kept(bytes_of(pdf)))
    assert page.getpixel((50, 250)) == WHITE
    assert page.getpixel((225, 75)) == BLACK


def test_names_of_fonts_mean_nothing():
    pdf = document()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary({"/JS": font, "/AA": font}))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"BT /JS 90 Tf 100 100 Td (MMM) Tj ET")
    found = inspect(bytes_of(pdf))
    assert found.findings == ()
    assert drawn(found.data).convert("L").crop((100, 100, 300, 200)).getextrema()[0] < 100


# Pictures in documents


def image_in(found):
    """The stored bytes of the one picture in a document."""
    with pikepdf.open(io.BytesIO(found)) as pdf:
        (image,) = (thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and "/Width" in thing)
        return image.read_raw_bytes()


def test_a_jpeg_in_a_document_keeps_its_pixels_to_the_bit():
    plain = saved(halves((64, 48)))
    pdf = document()
    add_image(pdf, with_everything(halves((64, 48))), (64, 48), Filter=Name.DCTDecode)
    stripped = image_in(kept(bytes_of(pdf)))
    at = plain.index(b"\xff\xdb")
    assert stripped == plain[:2] + plain[at:]


def test_a_jpeg_keeps_what_its_colours_mean():
    cmyk = saved(halves((64, 48)).convert("CMYK"))
    pdf = document()
    add_image(pdf, cmyk, (64, 48), Filter=Name.DCTDecode, ColorSpace=Name.DeviceCMYK, Decode=Array([1, 0] * 4))
    before = bytes_of(pdf)
    assert b"Adobe" in image_in(kept(before))
    assert drawn(inspect(before).data).tobytes() == drawn(before).tobytes()


def test_a_jpeg_that_is_packed_again_is_unpacked():
    pdf = document()
    packed = zlib.compress(with_everything(halves((64, 48))))
    parameters = Array([Dictionary(), Dictionary()])
    add_image(pdf, packed, (64, 48), Filter=Array([Name.FlateDecode, Name.DCTDecode]), DecodeParms=parameters)
    found = kept(bytes_of(pdf))
    assert image_in(found).startswith(b"\xff\xd8")
    assert near(drawn(found).getpixel((220, 75)), RED)


def test_a_jpeg_2000_loses_its_boxes():
    plain = saved(halves((64, 48)), "JPEG2000")
    at = plain.index(b"jp2c") - 4
    box = (8 + len(MARKER)).to_bytes(4, "big")
    pdf = document()
    add_image(
        pdf, plain[:at] + box + b"uuid" + MARKER + box + b"xml " + MARKER + plain[at:], (64, 48), Filter=Name.JPXDecode
    )
    found = kept(bytes_of(pdf))
    assert image_in(found) == plain
    assert near(drawn(found).getpixel((220, 75)), RED)


@pytest.mark.parametrize("filter", [Name.DCTDecode, Name.JPXDecode])
def test_a_page_with_a_picture_that_is_none_is_drawn(filter):
    pdf = document()
    add_image(pdf, b"no picture" + MARKER, (64, 48), Filter=filter)
    pdf.pages[0].contents_add(b"0 0 100 100 re f")
    found = kept(bytes_of(pdf))
    assert image_in(found).startswith(b"\xff\xd8\xff")
    assert near(drawn(found).getpixel((50, 250)), BLACK)


def test_a_page_whose_contents_break_off_keeps_what_is_there():
    content = zlib.compress(b"0 0 100 100 re f " + bytes(range(33, 127)) * 9)[:-40]
    assert drawn(kept(with_contents(content, Name.FlateDecode))).getpixel((50, 250)) == BLACK


def test_a_page_whose_contents_cannot_be_unpacked_is_drawn():
    found = kept(with_contents(b"no deflate" + MARKER, Name.FlateDecode))
    assert image_in(found).startswith(b"\xff\xd8\xff")


def test_nothing_hides_behind_the_end_of_a_stream():
    pdf = document()
    pdf.pages[0].obj.Contents = pikepdf.Stream(
        pdf, zlib.compress(b"0 0 100 100 re f") + MARKER, Filter=Name.FlateDecode
    )
    assert drawn(kept(bytes_of(pdf, compress_streams=False))).getpixel((50, 250)) == BLACK


def test_a_picture_elsewhere_is_not_fetched():
    pdf = document()
    add_image(pdf, b"", (64, 48), F=String(MARKER.decode()), FFilter=Name.DCTDecode)
    kept(bytes_of(pdf))


# Polyglots


def test_only_the_document_of_a_polyglot_is_left():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("run.js", MARKER)
    data = bytes_of(document()) + archive.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(data))
    found = kept(data)
    assert not zipfile.is_zipfile(io.BytesIO(found))
    assert found.count(b"%%EOF") == 1


@pytest.mark.parametrize("front", [b"GIF89a", b"<html><script>", b"PK\x03\x04", b"MZ"])
def test_a_document_behind_something_else_is_none(front):
    assert inspect(front + bytes_of(document())) == refused("unknown_type")


@pytest.mark.parametrize("front", [b"\n\r\n", b"\xef\xbb\xbf", b"\0\0 "])
def test_blanks_in_front_are_forgiven(front):
    kept(front + bytes_of(document()))


# Passwords


def test_a_password_is_asked_for_by_nobody():
    data = bytes_of(document(), encryption=pikepdf.Encryption(user="secret", owner="owner"))
    assert inspect(data) == refused("password")


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_document_that_anybody_may_open_is_opened(revision):
    lock = pikepdf.Encryption(user="", owner="owner", R=revision, aes=revision > 3, metadata=revision > 3)
    data = bytes_of(document(), encryption=lock)
    assert b"/Encrypt" in data
    assert drawn(kept(data)).getpixel((50, 250)) == BLACK


# Pages


def test_twenty_pages_are_taken_and_no_more():
    assert limits.PAGES_PER_EVIDENCE == 20
    kept(bytes_of(document(20)), pages=20)
    assert inspect(bytes_of(document(21))) == refused("too_many_pages")


def test_a_document_without_pages_is_damaged():
    assert inspect(bytes_of(pikepdf.new())) == refused("damaged")


def test_a_page_without_end_is_drawn_small():
    assert max(preview_of(inspect(bytes_of(document(size=(14_400, 14_400))))).size) == 320
    assert max(preview_of(inspect(bytes_of(document(size=(14_400, 3))))).size) == 320


# Damage


def test_a_damaged_document_is_repaired():
    data = bytes_of(document())
    assert drawn(kept(data[: data.index(b"trailer")])).getpixel((50, 250)) == BLACK
    assert drawn(kept(data.replace(b"startxref", b"xxxxxxxxx"))).getpixel((50, 250)) == BLACK


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"%PDF-1.4\n" + bytes(range(256)) * 40])
def test_what_is_beyond_repair_is_refused(data):
    assert inspect(data) == refused("damaged")


def test_half_a_document_does_no_harm():
    data = bytes_of(document(4))
    for cut in range(0, len(data), 97):
        assert inspect(data[:cut]).state in ("ready", "refused")


def test_what_cannot_be_rebuilt_is_drawn():
    pdf = document(2)
    many = [Array([n]) for n in range(100_001)]
    pdf.pages[0].obj.Group = Dictionary(Odd=Array(many), Title=String(MARKER.decode()))
    found = kept(bytes_of(pdf), pages=2)
    assert image_in(documents.drawn(bytes_of(document()))[0]) in found
    assert drawn(found, 1).getpixel((50, 250)) == BLACK


def test_drawn_pages_look_like_the_pages():
    pdf = document(3, size=(600, 800))
    with_metadata(pdf)
    add_field(pdf, V=String("MMMM"))
    data, pages = documents.drawn(bytes_of(pdf))
    examine_pdf(data)
    assert (pages, MARKER in all_bytes(data)) == (3, False)
    first, second = drawn(data), drawn(data, 1)
    assert first.size == second.size == (600, 800)
    assert near(first.getpixel((220, 575)), RED)
    assert first.convert("L").crop((150, 550, 250, 650)).getextrema()[0] < 100
    assert near(second.getpixel((50, 750)), BLACK)
    examine_jpeg(image_in(documents.drawn(bytes_of(document()))[0]))


# Bombs


def timed(data):
    begun = time.perf_counter()
    found = inspect(data)
    return found, time.perf_counter() - begun


@cache
def zeros(size):
    """So many zeros, packed, without ever having been there."""
    packer = zlib.compressobj(9)
    piece = bytes(1 << 20)
    return b"".join([packer.compress(piece) for _ in range(size >> 20)] + [packer.flush()])


def with_contents(content, filters):
    pdf = document()
    pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, content, Filter=filters)
    return bytes_of(pdf, compress_streams=False)


@pytest.mark.parametrize("depth", [2, 3, 9])
def test_a_bomb_in_a_bomb_is_refused(depth):
    content = zeros(256 << 20)
    for _ in range(depth - 1):
        content = zlib.compress(content, 9)
    found, seconds = timed(with_contents(content, Array([Name.FlateDecode] * depth)))
    assert found == refused("damaged")
    assert seconds < 2


def test_a_page_that_unpacks_to_much_is_refused():
    found, seconds = timed(with_contents(zeros(256 << 20), Name.FlateDecode))
    assert found == refused("damaged")
    assert seconds < 2


def test_a_large_page_is_taken():
    kept(with_contents(zlib.compress(b"0 0 m\n" * 500_000), Name.FlateDecode))


@pytest.mark.parametrize("size", [(30_000, 30_000), (60_000_001, 1)])
def test_a_picture_of_too_many_pixels_is_refused(size):
    pdf = document()
    add_image(pdf, zlib.compress(bytes(100)), size, Filter=Name.FlateDecode)
    assert inspect(bytes_of(pdf)) == refused("too_many_pixels")


def test_a_jpeg_that_is_larger_than_said_is_refused():
    pdf = document()
    add_image(pdf, with_dimensions(saved(halves((64, 48))), 60_000, 60_000), (64, 48), Filter=Name.DCTDecode)
    assert inspect(bytes_of(pdf)) == refused("too_many_pixels")


def test_a_picture_without_a_size_is_refused():
    pdf = document()
    add_image(pdf, b"x", (64, 48)).Width = Name.Wide
    assert inspect(bytes_of(pdf)) == refused("damaged")


def test_loops_end():
    pdf = document()
    page = pdf.pages[0].obj
    form = pdf.make_stream(b"/Fm Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(Fm=form))
    page.Resources = Dictionary(XObject=Dictionary(Fm=form))
    page.Contents = pdf.make_stream(b"/Fm Do 0 0 100 100 re f")
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    assert inspect(bytes_of(pdf)).state in ("ready", "refused")
