"""Files that strangers send, ordinary and hostile. All are made here; the HEIC ones were made once by an encoder."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

MARKER = b"GEHEIM-4711"
"""Stands wherever a file can hide something; must not be found afterwards."""

RED, BLUE, WHITE, BLACK = (200, 30, 30), (20, 20, 220), (255, 255, 255), (0, 0, 0)

# 64 x 48 pixels, left half RED, right half BLUE, coded by x265; the first one has the word MARKER in its EXIF
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB4gABAAAAAAAAAGMAAgAAAAACRQABAAAAAAAAADgAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAo21kYXQAAABfKAGvE4D1J4E/"
    "/+ClR/+61nh+Dw0xP/8g/qP6maX/400nbgMEopgeLVYcD3jj7LI1HIwXeh3BY2Jk9Q9qqiW0KKeRtH/wEeFD++BEFKn6fOW5l8ASP6131bFuB5"
    "9924AAAAAGRXhpZgAATU0AKgAAAAgAAgEPAAIAAAAHAAAAJgESAAMAAAABAAEAAAAAAABNQVJLRVIAAA=="
)
HEIC_OF_TWO = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB0AABAAAAAAAAAGMAAgAAAAACMwABAAAAAAAAAGoAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAAACAABodmMxAAAAAA5waXRtAAAAAAABAAABBWlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAACBpcG1hAAAAAAAAAAIAAQWBAgMFhAACBYECAwWEAAAA1W1kYXQAAABfKAGvE4D1J4E//+ClR/+61nh+Dw0xP/8g/qP6"
    "maX/400nbgMEopgeLVYcD3jj7LI1HIwXeh3BY2Jk9Q9qqiW0KKeRtH/wEeFD++BEFKn6fOW5l8ASP6131bFuB59924AAAABmKAGvE4D1J4E//+"
    "4lRX/tEWr/TU8xKt8g/3/6maIv400nbgMEq1xkOGdnPdgMlCrUbVYUUQa8Rw+Wvk9/5oagFGsaZW7/AHMrmHjiYOebFAyS8OIms7DuR/4mPM/r"
    "XO8ETcB0h/Qw"
)


def picture(size=(1200, 900), color=WHITE, mode="RGB"):
    return Image.new(mode, size, color)


def halves(size=(1200, 900)):
    """Left half red, right half blue."""
    whole = picture(size, RED)
    whole.paste(BLUE, (size[0] // 2, 0, *size))
    return whole


def saved(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(size, quality=80):
    """A picture that packs badly, as photos do."""
    return saved(Image.effect_noise(size, 60).convert("RGB"), quality=quality)


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def near(found, wanted, by=24):
    """The same colour, but for what JPEG does to it."""
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def png(width, height, depth, color_type, rows, *chunks):
    """A PNG from packed rows of bytes, with more chunks in front of the pixels."""
    packer = zlib.compressobj(9)
    packed = b"".join([packer.compress(b"\0" + row) for row in rows] + [packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    parts = ((b"IHDR", head), *chunks, (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def pixel_bomb():
    """900 million pixels, all black, in some hundred kilobytes."""
    side = 30_000
    row = bytes(side // 8)
    return png(side, side, 1, 0, (row for _ in range(side)))


def with_segment(jpeg, marker, content):
    """A JPEG with one more segment behind its start."""
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def with_dimensions(jpeg, width, height):
    """A JPEG that lies about its size."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def with_everything(image):
    """A JPEG with EXIF, GPS, maker notes, thumbnail-like data, XMP, IPTC, ICC, a comment, and more behind its end."""
    exif = Image.Exif()
    exif[0x010F] = exif[0x9286] = MARKER.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[29] = "N", (51.0, 2.0, 20.0), MARKER.decode()
    jpeg = saved(
        image, exif=exif.tobytes(), comment=MARKER, xmp=b"<x:xmpmeta>" + MARKER, icc_profile=b"broken" + MARKER
    )
    jpeg = with_segment(jpeg, 0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x05\0\x0b" + MARKER)
    return with_segment(jpeg, 0xEC, MARKER) + b"<script>" + MARKER + b"</script>PK\x03\x04"


# PDF


def document(pages=1, size=(400, 300)):
    """A PDF with a black square in the lower left corner of each page."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.obj.Contents = pdf.make_stream(b"0 0 100 100 re f")
    return pdf


def bytes_of(pdf, **options):
    file = io.BytesIO()
    pdf.save(file, **options)
    pdf.close()
    return file.getvalue()


def script(text=MARKER):
    return Dictionary(S=Name.JavaScript, JS=String(text.decode()))


def with_open_script(pdf):
    pdf.Root.OpenAction = script()


def with_named_script(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("run"), script()])))


def with_page_action(pdf):
    pdf.pages[0].obj.AA = Dictionary(O=script())


def with_attachment(pdf):
    pdf.attachments["note.txt"] = MARKER


def with_xfa(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp>" + MARKER))


def with_launch(pdf):
    action = Dictionary(S=Name.Launch, F=String(MARKER.decode()))
    add_note(pdf, Subtype=Name.Link, A=action)


def with_file_note(pdf):
    file = Dictionary(Type=Name.Filespec, F=String("x"), EF=Dictionary(F=pdf.make_stream(MARKER)))
    add_note(pdf, Subtype=Name.FileAttachment, FS=file)


def with_script_in_bookmark(pdf):
    item = pdf.make_indirect(Dictionary(Title=String("x"), A=script()))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))


def with_field_script(pdf):
    add_field(pdf, AA=Dictionary(K=script()))


ACTIVE = (
    with_open_script, with_named_script, with_page_action, with_attachment, with_xfa, with_launch, with_file_note,
    with_script_in_bookmark, with_field_script,
)  # fmt: skip


def add_note(pdf, **entries):
    note = pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([150, 150, 250, 250]), **entries))
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", []), note])
    return note


def add_field(pdf, **entries):
    """A form with a text field; its value is drawn only by whoever draws forms."""
    field = add_note(
        pdf, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), F=4, DA=String("/Helv 40 Tf 0 g"), **entries
    )  # fmt: skip
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]), NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=font)),
        DA=String("/Helv 40 Tf 0 g"),
    )  # fmt: skip
    return field


def add_image(pdf, data, size, **entries):
    """A picture that covers the upper right corner of the first page."""
    entries = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, **entries}
    width, height = size
    image = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, **entries)
    page = pdf.pages[0].obj
    page.Resources = Dictionary(XObject=Dictionary(Im=image))
    page.Contents = pdf.make_stream(b"q 200 0 0 150 200 150 cm /Im Do Q")
    return image


def with_metadata(pdf):
    """Everything that tells about a document without running."""
    jpeg = with_everything(halves((64, 48)))
    image = add_image(pdf, jpeg, (64, 48), Filter=Name.DCTDecode)
    image.Metadata = pdf.make_stream(b"<xmp>" + MARKER)
    pdf.docinfo["/Author"] = MARKER.decode()
    pdf.Root.Metadata = pdf.make_stream(b"<xmp>" + MARKER, Type=Name.Metadata, Subtype=Name.XML)
    page = pdf.pages[0].obj
    page.PieceInfo = Dictionary(App=Dictionary(Private=String(MARKER.decode())))
    page.Resources.Properties = Dictionary(MC0=Dictionary(Metadata=pdf.make_stream(MARKER)))
    page.Resources.Odd = script()
