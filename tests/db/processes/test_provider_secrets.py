"""A provider's secret is told once and found nowhere again: not in output, logs, rows or command lines."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from ripresa.core.embedded.binaries import find_binaries
from ripresa.core.embedded.place import find_place
from tests.installs import Install, read_json

SECRET = "kestrel-7731-lantern"
URL = f"smtp://shop:{SECRET}@127.0.0.1:9?tls=none"


def test_a_secret_is_never_seen_again(install: Install, tmp_path: Path) -> None:
    install.run("shop", "create", "sealed", "--owner-email", "owner@shop.test")
    added = install.run("provider", "add", "smtp", "--shop", "sealed", RIPRESA_PROVIDER_URL=URL)
    assert added.process.returncode == 0, added.said
    worker = install.start("worker")
    worker.wait_for("working")
    told = [added, worker]
    told.append(install.run("provider", "rotate"))
    shown = install.run("provider", "show", "smtp", "--shop", "sealed", "--json")
    told.append(shown)
    assert SECRET not in "".join(run.said + run.result for run in told)
    assert not any(SECRET in line for line in install.processes().values())
    assert not any(SECRET in text for text in (dumped(install, tmp_path / "dump"), *files(install)))
    assert read_json(shown)["settings"]["url"] == "set, and not shown"


def dumped(install: Install, target: Path) -> str:
    """All rows as text. A column of bytes is written in hex."""
    assert install.run("db", "dump", str(target)).process.returncode == 0
    program = find_binaries().program("pg_restore")
    text = subprocess.run(
        (program, "--file=-", target), check=True, capture_output=True, text=True
    ).stdout
    assert "provider_account" in text
    assert SECRET.encode().hex() not in text
    return text


def files(install: Install) -> Iterator[str]:
    """Whatever the install has on the disk, its database and that one's log among it."""
    place = find_place(install.home)
    assert place is not None
    for folder in (install.home, place.base):
        for path in folder.rglob("*"):
            if path.is_file():
                yield path.read_bytes().decode("latin-1")
