"""Whole documents of every kind that can be read, drawn here: what mutations start from."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def picture(mode: str = "RGB") -> Image.Image:
    """A frame, a diagonal and a block: enough for every filter of every codec to have something to do."""
    image = Image.new("RGB", (48, 32), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((2, 2, 45, 29), outline="black")
    draw.line((0, 31, 47, 0), fill="red", width=2)
    draw.rectangle((30, 18, 40, 26), fill="blue")
    return image.convert(mode)


def encoded(kind: str, mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    picture(mode).save(stream, kind, **options)
    return stream.getvalue()


def animation(kind: str) -> bytes:
    return encoded(kind, save_all=True, append_images=[picture().rotate(90), picture().rotate(180)])


def drawn_pdf() -> bytes:
    """Text, a JPEG, a losslessly kept picture, a filled field and a bookmark on two pages."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(200, 150), invariant=True)
    canvas.drawString(20, 120, "The quick brown fox")
    canvas.drawImage(ImageReader(io.BytesIO(encoded("JPEG"))), 20, 20, 60, 40)
    canvas.drawImage(ImageReader(picture()), 100, 20, 60, 40)
    canvas.acroForm.textfield(name="field", value="filled", x=20, y=80, width=80, height=16)
    canvas.bookmarkPage("first")
    canvas.addOutlineEntry("First", "first")
    canvas.showPage()
    canvas.rotate(30)
    canvas.drawString(60, 20, "jumps over")
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def rewritten_pdf(**save: object) -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn_pdf())) as pdf:
        pdf.save(stream, deterministic_id="encryption" not in save, **save)
    return stream.getvalue()


def fax_pdf() -> bytes:
    """Pictures whose filters only scanners and faxes use: CCITT group 4 and JPEG 2000."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn_pdf())) as pdf:
        for page in pdf.pages[:1]:
            names = list(page.Resources.XObject)
            page.Resources.XObject[names[0]] = _image(pdf, encoded("JPEG2000"), "/JPXDecode")
            page.Resources.XObject[names[1]] = _image(
                pdf, b"\x26\xa1\xbf\xff" * 20, "/CCITTFaxDecode", K=-1, Columns=48
            )
        pdf.save(stream, deterministic_id=True)
    return stream.getvalue()


def _image(pdf: pikepdf.Pdf, data: bytes, name: str, **parameters: int) -> pikepdf.Stream:
    image = pikepdf.Stream(pdf, data)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.Filter = 48, 32, pikepdf.Name(name)
    if parameters:
        image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 1
        image.DecodeParms = pikepdf.Dictionary({f"/{key}": value for key, value in parameters.items()})
    return image


SEEDS: dict[str, list[bytes]] = {
    "PDF": [
        drawn_pdf(),
        rewritten_pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        rewritten_pdf(linearize=True),
        fax_pdf(),
    ],
    "PNG": [
        encoded("PNG"),
        encoded("PNG", "P"),
        encoded("PNG", "RGBA"),
        encoded("PNG", "I;16"),
        encoded("PNG", "1"),
        animation("PNG"),
    ],
    "JPEG": [encoded("JPEG"), encoded("JPEG", progressive=True), encoded("JPEG", "CMYK"), encoded("JPEG", "L")],
    "TIFF": [
        animation("TIFF"),
        encoded("TIFF", compression="tiff_lzw"),
        encoded("TIFF", compression="jpeg"),
        encoded("TIFF", "1", compression="group4"),
        encoded("TIFF", compression="tiff_adobe_deflate", big_tiff=True),
        encoded("TIFF", "F"),
    ],
    "BMP": [encoded("BMP"), encoded("BMP", "P"), encoded("BMP", "1")],
    "GIF": [encoded("GIF", "P"), animation("GIF")],
    "WebP": [encoded("WEBP"), encoded("WEBP", "RGBA", lossless=True), animation("WEBP")],
    "JPEG 2000": [encoded("JPEG2000"), encoded("JPEG2000", "L", no_jp2=True)],
    "AVIF": [encoded("AVIF"), animation("AVIF")],
}
