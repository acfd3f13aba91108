"""Bold and italic in letters: what is a mark, and how it stands on paper in both typefaces and five languages."""

import io

import pikepdf
import pytest

from ripresa.domain.templates.letters.blocks import FilledLetter, Text
from ripresa.domain.templates.letters.marks import Run, lines_of, marked, unmarked
from tests.letters import ReadBack, print_one

SAID = {
    "en": "You left **three bottles** with us, and _they still wait_ for you, **until _Friday_ at last**.",
    "it": "Hai lasciato **tre bottiglie** da noi, _ti aspettano ancora_: perché, **più _così_**.",
    "ro": "Ai lăsat **trei sticle** la noi, _te așteaptă încă_: țuică, șuncă, **și _mâine_**.",
    "ru": "Вы оставили **три бутылки**, _они ещё ждут_: щука, подъезд, **и _завтра_** № 5 — «да».",
    "de": "Sie haben **drei Flaschen** bei uns gelassen, _sie warten noch_: Größe, **süße _Öle_**.",
}


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("**a** and **b**", "a and b"),
        ("**Dear {{ person.first_name }}**, _{{ shop.name }}_", "Dear {{ person.first_name }}, {{ shop.name }}"),
        ("***|FNAME|***", "*|FNAME|*"),
        ("**_both_** _**ways**_", "both ways"),
        ("no_mark_within, 2 ** 3 ** 4, _ alone _, ada_l@mail.test", None),
        ('{{ person.first_name | default("_a_") }} **not{{ x }}', None),
        ("**over\nlines** and **open", None),
    ],
)  # fmt: skip
def test_marks_stand_at_words_of_one_line(source, reads):
    assert unmarked(source) == (source if reads is None else reads)


def test_runs_follow_the_marks_line_by_line():
    assert lines_of(marked("a **b _c_**\nd")) == [
        [Run("a ", False, False), Run("b ", True, False), Run("c", True, True)],
        [Run("d", False, False)],
    ]


@pytest.mark.parametrize(
    ("has_serifs", "faces"), [(False, {"IBMPlexSans"}), (True, {"LibertinusSerif", "Bold", "Italic"})]
)  # fmt: skip
def test_they_are_printed_in_all_five_languages(has_serifs, faces):
    letter = FilledLetter("Carrello", "it", (Text(tuple(map(marked, SAID.values()))),))
    printed = print_one(letter, has_serifs=has_serifs)
    text = " ".join(ReadBack(printed.pdf).text().split())
    for said in SAID.values():
        assert unmarked(said) in text
        assert unmarked(said) in letter.text
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        fonts = " ".join(str(font.BaseFont) for font in pdf.pages[0].obj.Resources.Font.values())
    assert all(face in fonts for face in faces)
