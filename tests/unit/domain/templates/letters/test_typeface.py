"""The typeface we ship is what was published, and says of itself what it can print."""

import hashlib
import json

from ripresa.domain.templates.letters.typeface import folder, typeface


def test_every_file_is_byte_for_byte_as_listed():
    (package,) = json.loads((folder() / "VENDORED.json").read_text("utf-8"))["packages"]
    assert package["licence"] == "OFL-1.1"
    there = {path.name for path in folder().iterdir()} - {"VENDORED.json"}
    assert there == set(package["files"])
    for name, total in package["files"].items():
        assert hashlib.sha256((folder() / name).read_bytes()).hexdigest() == total


def test_it_has_every_letter_of_the_alphabets_we_write():
    latin = {chr(code) for code in [*range(0x20, 0x7F), *range(0xA1, 0x180)]}
    romanian, cyrillic = set("șțȘȚăĂâÂîÎ"), {chr(code) for code in range(0x400, 0x460)}
    odd = {one for one in latin | romanian | cyrillic if typeface().first_missing(one)}
    assert odd <= {"\u0149", "\u017f"} | {chr(0xAD)}


def test_a_width_is_that_of_print():
    # Ten figures of 600 thousandths each, at ten points.
    assert round(typeface().width_mm("0000000000", 10), 2) == round(60 * 25.4 / 72, 2)
