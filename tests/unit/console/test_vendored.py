"""What we ship of others is what they published: every file is listed with its sum and its licence."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

import ripresa.console

VENDOR = Path(ripresa.console.__file__).parent / "static" / "vendor"
CONSOLE = Path(ripresa.console.__file__).parent
PACKAGES = json.loads((VENDOR / "VENDORED.json").read_text(encoding="utf-8"))["packages"]
LISTED = {name: total for package in PACKAGES for name, total in package["files"].items()}


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_file_is_byte_for_byte_as_listed(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == LISTED[name]


def test_no_file_is_unlisted():
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert {name for name in there if not name.endswith(".gz")} - {"VENDORED.json"} == set(LISTED)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda each: each["name"])
def test_a_package_names_version_and_licence(package):
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["licence"]
    licence = [name for name in package["files"] if name.endswith("LICENSE.txt")]
    assert len(licence) == 1
    assert len((VENDOR / licence[0]).read_text(encoding="utf-8")) > 500


@pytest.mark.parametrize("path", sorted(VENDOR.rglob("*.gz")), ids=lambda path: path.name)
def test_a_compressed_copy_is_a_copy(path):
    assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_every_icon_is_used_and_every_used_one_is_there():
    sources = [*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r'{% icon "([a-z-]+)"', text)) | set(
        re.findall(r'Room\([^)]*\), "([a-z-]+)"\)', text)
    )
    assert {path.stem for path in (VENDOR / "tabler-icons").glob("*.svg")} == used


def test_nothing_is_fetched_from_elsewhere():
    for path in [
        *CONSOLE.rglob("*.html"),
        *CONSOLE.rglob("console/*.css"),
        *CONSOLE.rglob("console/*.js"),
    ]:
        assert not re.search(
            r'(?:src|href|url\()=?["\']?https?:', path.read_text(encoding="utf-8")
        ), path
