"""Text files as people have them: encodings, delimiters, and what is no table at all."""

import codecs

import pytest

from ripresa.core.delimited import reading
from ripresa.core.delimited.reading import Unreadable, look_into

TEXT = "code;città\r\nA-1;Forlì\r\nA-2;Łódź\r\n"
LATIN = "code;città\r\nA-1;Forlì\r\n"


def save(tmp_path, data: bytes):
    path = tmp_path / "codes.csv"
    path.write_bytes(data)
    return path


def read(path, **said):
    return list(look_into(path, **said).rows())


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32"),
        (LATIN.encode("cp1252"), "cp1252"),
        (b"code;a\nA-1;b\n", "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path, data, encoding):
    path = save(tmp_path, data)
    assert look_into(path).encoding == encoding
    first, second, *_ = read(path)
    assert (first[0], first[1][0], second[0], second[1][0]) == (1, "code", 2, "A-1")
    assert second[1][1] in {"Forlì", "b"}


def test_an_umlaut_at_the_very_end_of_a_long_file_counts_too(tmp_path):
    path = save(tmp_path, b"A-1\n" * 100_000 + "è\n".encode("cp1252"))
    assert look_into(path).encoding == "cp1252"
    assert read(path)[-1] == (100_001, ["è"])


def test_what_is_said_counts(tmp_path):
    path = save(tmp_path, "cod\tSfârșit\nA\t1\n".encode("cp1250", errors="replace"))
    assert read(path, encoding="cp1250")[0][1][0] == "cod"
    assert read(path, delimiter="|")[1] == (2, ["A\t1"])
    with pytest.raises(Unreadable, match="no encoding 'utf-9'"):
        look_into(path, encoding="utf-9")
    with pytest.raises(Unreadable, match=r"codes\.csv is not ascii"):
        look_into(save(tmp_path, "è".encode()), encoding="ascii")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2,5\n3;4,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ('"a;b",c\n"d;e",f\n', ","),
        ("A-1\nA-2\n", ","),
        ("A;1\nA-2\nA-3\nA-4\nA-5\n", ","),
        ("sep=;\nA;B\n", ";"),
        ("sep=|\nA;B|C\n", "|"),
    ],
)
def test_the_delimiter_is_found(tmp_path, text, delimiter):
    assert look_into(save(tmp_path, text.encode())).delimiter == delimiter


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path):
    path = save(tmp_path, b'sep=,\r\nA,"two\r\nlines"\r\n\r\nB,2\r\n')
    assert read(path) == [(2, ["A", "two\r\nlines"]), (3, []), (4, ["B", "2"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(tmp_path, end):
    path = save(tmp_path, end.join(["A", "B", "C"]).encode())
    assert [row for _, row in read(path)] == [["A"], ["B"], ["C"]]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "Save it as CSV first"),
        (b"\xd0\xcf\x11\xe0rest", "Save it as CSV first"),
        (b"\x1f\x8brest", "Unpack it first"),
        (b"A" * (reading.LONGEST_LINE + 1), "line 1 has no end"),
        (b'A\n"B\n' + b"C\n" * 100_000, r"row 2 can't be read .*never closed"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, data, complaint):
    with pytest.raises(Unreadable, match=complaint):
        read(save(tmp_path, data))


def test_bytes_that_no_encoding_has_are_told_by_their_row(tmp_path):
    lines = b"A\n" * 5_000
    with pytest.raises(Unreadable, match=r"row 4097 or one soon after is not cp1252"):
        read(save(tmp_path, lines + b"\x81\n"))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Unreadable, match="No such file"):
        look_into(tmp_path / "nothing.csv")
    with pytest.raises(Unreadable, match="Is a directory"):
        look_into(tmp_path)


def test_progress_adds_up_to_the_file(tmp_path):
    path = save(tmp_path, b"A-1,B-2,C-3\n" * 50_000)
    told: list[int] = []
    rows = look_into(path).rows(told.append)
    assert sum(1 for _ in rows) == 50_000
    assert sum(told) == path.stat().st_size
    assert len(told) > 2
