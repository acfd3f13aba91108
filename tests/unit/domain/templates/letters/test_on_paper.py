"""Letters on paper, read back with another program: what stands where, in which type, on how many pages."""

import io
import json
from unicodedata import normalize

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ripresa.contracts.letters.windows import WINDOWS, Box, Window, window_of
from ripresa.domain.templates.catalogue import list_presets
from ripresa.domain.templates.letters.addresses import clean
from ripresa.domain.templates.letters.blocks import Cart
from ripresa.domain.templates.letters.setting import set_letters
from ripresa.domain.templates.letters.typeface import NoGlyph, typeface
from tests.foreign import FOREIGN
from tests.letters import (
    CODE,
    SENDER,
    TO,
    ReadBack,
    paper,
    preset,
    print_one,
    sheet,
    small_png,
    words,
)

every_window = pytest.mark.parametrize("window", list(WINDOWS))
LONG_ADDRESS = (
    "Società Agricola Fratelli Rossi", "c/o Studio Bianchi e Associati", "Palazzo B, Scala 3, Interno 14",
    "Via della Repubblica 1234", "00184 ROMA RM", "ITALY",
)  # fmt: skip


@every_window
@pytest.mark.parametrize("to", [TO, LONG_ADDRESS])
def test_the_address_and_nothing_else_shows_in_the_window(window, to):
    layout = WINDOWS[window]
    to = to[: int(layout.address.height // 4.23)]
    (printed,) = set_letters([sheet(preset(), to)], paper(window))
    read = ReadBack(printed.pdf)
    assert read.within(layout.address) == list(to)
    # What an envelope shows when the sheet slides a little is still nothing but sender and address.
    box = layout.address
    around = Box(box.left - 2, box.top, box.width + 10, box.height)
    assert read.within(around) == list(to)


@every_window
def test_sheet_marks_and_sender_are_where_they_belong(window):
    layout = WINDOWS[window]
    read = ReadBack(print_one(preset(), window=window).pdf)
    assert read.size_mm() == (layout.width, layout.height)
    assert layout.sender_line is not None
    line = " ".join(read.within(layout.sender_line))
    assert all(part in line for part in (*SENDER, CODE))
    marks = [box for box in read.inked() if box.left < 6 and box.width < 7]
    wanted = [*layout.folds, *([layout.hole] if layout.hole else [])]
    assert sorted(round(box.top + box.height / 2, 1) for box in marks) == sorted(wanted)


@every_window
def test_nothing_else_comes_near_the_edge_or_above_its_place(window):
    layout = WINDOWS[window]
    letter = preset(language="en")
    read = ReadBack(print_one(letter, window=window).pdf)
    for box in read.inked():
        assert box.left >= 5
        assert box.right <= layout.width - 5
        assert box.bottom <= layout.height - 5
        if box.top < layout.body_top - 0.5 and box.left > 12:
            assert any(box.meets(area) for area in layout.printed[:2] + layout.printed[3:]), box


def test_windows_agree_with_themselves():
    assert all(not window.trouble for window in WINDOWS.values())
    assert {window_of(country).name for country in ("DE", "CH", "US", "IT")} == {
        "din-b",
        "swiss-right",
        "us-10",
    }


def test_a_zone_that_has_to_stay_white_is_told_from_the_start():
    window = Window(
        "own", "own", 210, 297, Box(25, 60, 80, 25), None, Box(125, 14, 65, 60), 100,
        keep_out=(Box(20, 40, 90, 30),),
    )  # fmt: skip
    assert "white" in window.trouble


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("name", [one.name for one in list_presets() if "letter" in one.channels])
def test_every_preset_fits_on_one_page_in_one_embedded_typeface(name, language):
    printed = print_one(preset(name, language))
    assert printed.pages == 1
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        (page,) = pdf.pages
        for font_name in page.obj.Resources.Font.keys():  # noqa: SIM118  (a PDF dictionary)
            font = page.obj.Resources.Font[font_name]
            assert "IBMPlexSans" in str(font.BaseFont)
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert "/Annots" not in page.obj
        assert "/AcroForm" not in pdf.Root


def test_all_letters_of_the_five_languages_are_there_to_the_last_comma():
    said = "șțȘȚăâî ÄÖÜäöüß àèéìòù ёЁйЙщЩъЪ № „Text“ “text” ‘t’ – — … €"
    read = ReadBack(print_one(words(said)).pdf)
    assert said in read.text().replace("\n", " ")


@pytest.mark.parametrize("odd", ["你", "ع", "😀", "\ue000"])
def test_what_no_font_has_is_an_error_and_never_an_empty_box(odd):
    with pytest.raises(NoGlyph, match=f"U\\+{ord(odd):04X}"):
        print_one(words(f"Ciao {odd}"))


def test_a_text_may_be_written_with_marks_apart():
    # s and a comma below as two characters: what a keyboard on another system sends.
    read = ReadBack(print_one(words("Bucures\u0326ti")).pdf)
    assert "București" in read.text()


def test_a_letter_of_several_pages_says_so_on_each():
    printed = print_one(words(*["Un paragrafo che prende il suo posto. " * 12] * 14))
    read = ReadBack(printed.pdf)
    assert printed.pages == len(read) >= 2
    for number in range(len(read)):
        assert f"{number + 1} / {len(read)}" in read.text(number)
        assert CODE in read.text(number)
        assert (TO[0] in read.text(number)) is (number == 0)


def test_a_single_page_has_no_number():
    assert "1 / 1" not in ReadBack(print_one(words("Ciao")).pdf).text()


def test_a_batch_is_cut_into_its_letters():
    long = words(*["Un paragrafo che prende il suo posto. " * 12] * 14)
    letters = [words("primo"), long, words("terzo"), long, words("quinto")]
    sheets = [
        sheet(letter, (f"Persona {n}", "Via Roma 1", "00184 ROMA"))
        for n, letter in enumerate(letters)
    ]
    printed = set_letters(sheets, paper())
    many = printed[1].pages
    assert [one.pages for one in printed] == [1, many, 1, many, 1]
    assert many > 1
    for number, one in enumerate(printed):
        read = ReadBack(one.pdf)
        assert len(read) == one.pages
        assert f"Persona {number}" in read.text()
        assert one.pages == 1 or f"1 / {many}" in read.text()
        assert not any(f"Persona {n}" in read.text() for n in range(5) if n != number)


def test_the_same_letter_gives_the_same_bytes():
    assert print_one(preset()) == print_one(preset())


def test_a_word_without_end_stays_on_the_sheet():
    read = ReadBack(print_one(words("https://shop.example/" + "x" * 500)).pdf)
    assert all(box.right <= 205 for box in read.inked())


def test_a_picture_is_printed_and_a_missing_one_leaves_the_table_clean():
    url = "https://shop.example/a.png"
    letter = _with_picture(preset(), url)
    bare = ReadBack(print_one(letter).pdf)
    full = ReadBack(print_one(letter, pictures={url: small_png()}).pdf)
    assert "Barolo DOCG 2019" in bare.text()
    assert "Barolo DOCG 2019" in full.text()
    rows = len(next(block for block in letter.blocks if isinstance(block, Cart)).rows)
    squares = [box for box in full.inked() if round(box.width) == round(box.height) == 14]
    assert len(squares) == rows
    assert not [box for box in bare.inked() if round(box.width) == round(box.height) == 14]


def _with_picture(letter, url):
    blocks = [
        replace(one, rows=tuple(replace(row, picture=url) for row in one.rows))
        if isinstance(one, Cart)
        else one
        for one in letter.blocks
    ]
    return replace(letter, blocks=tuple(blocks))


def test_the_code_of_the_cart_stands_clear_of_folds_and_edges():
    letter = preset("reminder", "it")
    for name, window in WINDOWS.items():
        printed = print_one(letter, window=name)
        read = ReadBack(printed.pdf)
        codes = [
            box for box in read.inked() if 18 < box.width < 40 and abs(box.width - box.height) < 1
        ]
        assert len(codes) == 1, name
        assert codes[0].width >= 19.9
        for fold in window.folds:
            assert codes[0].bottom <= fold - 4.5 or codes[0].top >= fold + 4.5, name


HOSTILE = (
    '#import "x"', "#panic()", "$x$", "*bold*", "_x_", "`raw`", "<label>", "@ref", "// no", "/* no */",
    '"); #panic("', "\\u{41}", "#set page(width: 1pt)", "= Heading", "- item", "{{ x }}", "{% x %}", "~", "\\",
    '#read("/etc/passwd")', "#sys.inputs", "---", "...", "'\"",
)  # fmt: skip


def _printable(text: str) -> str:
    known = typeface().advances
    return "".join(one for one in text if one in known or one == "\n")


def test_what_people_write_is_text_and_never_code():
    read = ReadBack(print_one(words(*HOSTILE)).pdf)
    shown = "".join(read.text(number) for number in range(len(read)))
    for one in HOSTILE:
        assert one in shown, one


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.text(alphabet=st.sampled_from("#$*_`<>@/\\\"{}[]()=-~ abcß'\n"), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_no_text_can_break_a_letter(said):
    printed = print_one(words(*said))
    letters = "".join(ReadBack(printed.pdf).text(n) for n in range(printed.pages))
    wanted = "".join("".join(said).split())
    assert all(letters.count(one) >= wanted.count(one) for one in set(wanted) - set("\u200b"))


NAUGHTY = FOREIGN / "hostile/naughty_strings/blns.json"


@pytest.mark.foreign
def test_naughty_strings_are_printed_or_refused():
    strings = [clean(one) for one in json.loads(NAUGHTY.read_text(encoding="utf-8"))]
    known = [one for one in strings if one and typeface().first_missing(one) is None]
    odd = [one for one in strings if typeface().first_missing(one) is not None]
    assert len(known) > 300
    read = ReadBack(print_one(words(*known)).pdf)
    pages = "".join(read.text(number) for number in range(len(read)))
    shown = "".join(normalize("NFKC", pages).split())
    for one in known:
        assert "".join(normalize("NFKC", one).split())[:15] in shown, one
    for one in odd[:10]:
        with pytest.raises(NoGlyph):
            print_one(words(one))


LANGUAGES = ("de", "en", "it", "ro", "ru")
LETTERS = [one.name for one in list_presets() if "letter" in one.channels]


@every_window
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_each_reads_on_one_page_in_her_language(name, language, window):
    letter = preset(name, language)
    printed = print_one(letter, window=window)
    assert printed.pages == 1
    shown = _letters_of(ReadBack(printed.pdf).text())
    for said in letter.strings:
        assert _letters_of(said.removeprefix("https://")) in shown, said
    assert not {"{{", "{%", "[[", "None"} & set(letter.text)


def _letters_of(text):
    """Letters and digits alone: where lines end, hyphens and blanks come and go."""
    return "".join(one for one in text if one.isalnum())


@pytest.mark.slow
def test_a_thousand_letters_in_one_batch_are_a_thousand_letters():
    letter = preset()
    sheets = [
        sheet(letter, (f"Persona {n}", "Via Roma 1", "00184 ROMA RM"), f"{n:05}-{n:05}")
        for n in range(1_000)
    ]
    printed = set_letters(sheets, paper())
    assert len(printed) == 1_000
    assert {one.pages for one in printed} == {1}
    for number, one in enumerate(printed):
        read = ReadBack(one.pdf)
        shown = read.text()
        assert len(read) == 1
        assert f"Persona {number}\n" in shown
        assert f"{number:05}-{number:05}" in shown
