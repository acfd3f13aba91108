"""A shop's own paper and pictures: what is kept, what is refused and why, and how it prints."""

import io
import struct

import pikepdf
import pytest
from PIL import Image

from ripresa.domain.templates.letters.background import BadBackground, check_background
from ripresa.domain.templates.letters.setting import set_letters
from ripresa.domain.templates.pictures import BACKGROUND, BadPicture, check_picture
from tests.letters import TO, ReadBack, paper, preset, print_one, sheet, small_png, words

A4 = (595.28, 841.89)


def own_font(pdf):
    """A font that is named and not embedded."""
    name = pikepdf.Name
    return pdf.make_indirect(
        pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name("/Own"))
    )


def jpeg(size=(20, 10)):
    written = io.BytesIO()
    Image.new("RGB", size).save(written, "JPEG")
    return written.getvalue()


def paper_pdf(pages=1, size=A4, change=None, **saving):
    """A red band across the foot of each page."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=size)
            page.contents_add(pikepdf.Stream(pdf, b"0.8 0.1 0.1 rg 100 20 400 12 re f"))
        if change is not None:
            change(pdf)
        pdf.save(written, **saving)
    return written.getvalue()


def with_font(pdf):
    fonts = pikepdf.Dictionary(F1=own_font(pdf))
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=fonts)


def with_font_in_a_form(pdf):
    fonts = pikepdf.Dictionary(F1=own_font(pdf))
    form = pikepdf.Stream(pdf, b"")
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 1, 1]
    form.Resources = pikepdf.Dictionary(Font=fonts)
    drawn = pikepdf.Dictionary(X1=pdf.make_indirect(form))
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=drawn)


def with_script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_form(pdf):
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[])


def with_link(pdf):
    pdf.pages[0].obj.Annots = [pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])]


def turned(pdf):
    pdf.pages[0].obj.Rotate = 90


def test_paper_that_can_be_printed_on_is_kept():
    assert check_picture(BACKGROUND, paper_pdf()) == "application/pdf"
    assert check_picture(BACKGROUND, paper_pdf(2)) == "application/pdf"
    check_background(paper_pdf(size=(612, 792)))
    (letter,) = set_letters([sheet(preset())], paper())
    check_background(letter.pdf)  # its fonts are embedded


@pytest.mark.parametrize(
    ("pdf", "why"),
    [
        (b"", "no PDF"),
        (b"%PDF-1.7 and then nothing", "no PDF"),
        (small_png(), "no PDF"),
        (paper_pdf(3), "3 pages"),
        (paper_pdf(size=(841.89, 595.28)), "297 × 210"),
        (paper_pdf(size=(500, 500)), "only A4 or Letter"),
        (paper_pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "encrypted"),
        (paper_pdf(encryption=pikepdf.Encryption(owner="a", user="")), "encrypted"),
        (paper_pdf(change=with_script), "OpenAction"),
        (paper_pdf(change=with_form), "AcroForm"),
        (paper_pdf(change=with_link), "links"),
        (paper_pdf(change=turned), "upright"),
        (paper_pdf(change=with_font), "font Own is not embedded"),
        (paper_pdf(change=with_font_in_a_form), "font Own is not embedded"),
    ],
)
def test_paper_that_no_print_service_takes_is_refused_with_the_reason(pdf, why):
    with pytest.raises(BadBackground, match=why):
        check_background(pdf)


def bands(read, page):
    return [box for box in read.inked(page) if 140 < box.width < 142 and 4 < box.height < 5]


def test_it_lies_under_every_page_and_the_shop_is_not_named_twice():
    long = words(*["Un paragrafo che prende il suo posto. " * 12] * 14)
    printed = print_one(long, background=paper_pdf())
    read = ReadBack(printed.pdf)
    assert len(read) == 2
    assert all(bands(read, page) for page in range(2))
    assert read.text().count("Enoteca Bottega") == 1  # on the line of the sender
    assert TO[0] in read.text()


def test_a_second_page_lies_under_all_pages_but_the_first():
    def only_the_second(pdf):
        del pdf.pages[0].obj.Contents

    long = words(*["Un paragrafo che prende il suo posto. " * 12] * 25)
    read = ReadBack(print_one(long, background=paper_pdf(2, change=only_the_second)).pdf)
    assert len(read) >= 3
    assert [bool(bands(read, page)) for page in range(3)] == [False, True, True]


def test_pictures_are_told_by_what_is_in_them():
    assert check_picture("logo", small_png()) == "image/png"
    assert check_picture("logo", jpeg()) == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("", small_png(), "name"),
        ("a\nb", small_png(), "name"),
        ("logo", b"", "neither"),
        ("logo", b"<svg/>", "neither"),
        ("logo", b"\xff\xd8\xff", "neither"),
        ("logo", b"\x89PNG\r\n\x1a\n", "0 × 0"),
        (
            "logo",
            small_png()[:16] + struct.pack(">II", 60_000, 60_000) + small_png()[24:],
            "pixels",
        ),
        ("logo", b"\x89PNG\r\n\x1a\n" + b"x" * 6_000_000, "bytes"),
        ("logo", small_png()[:40], "can't be printed"),
        ("logo", jpeg()[:200], "can't be printed"),
    ],
)
def test_what_cannot_be_printed_is_not_kept(name, content, why):
    with pytest.raises(BadPicture, match=why):
        check_picture(name, content)
