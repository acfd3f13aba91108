"""What is installed from a wheel works without the checkout beside it."""

import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installs import Install

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "storefront" / "src" / "ripresa.js"
BUILD = "from setuptools import build_meta; build_meta.build_wheel('made')"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a wheel, as an installer lays them."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in ("src", "storefront"):
        skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, checkout / name, symlinks=True, ignore=skipped)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, checkout)
    (checkout / "made").mkdir()
    subprocess.run(
        (sys.executable, "-c", BUILD), cwd=checkout, check=True, capture_output=True, timeout=400
    )
    [wheel] = (checkout / "made").glob("*.whl")
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


@pytest.fixture
def install() -> Iterator[Install]:
    made = Install()
    yield made
    made.close()


@pytest.mark.long
def test_a_wheel_serves_the_script_for_shops(unpacked: Path, install: Install) -> None:
    assert (unpacked / "ripresa" / "entrypoints" / "ripresa.js").read_bytes() == SCRIPT.read_bytes()
    others = [path for path in sys.path if path and not path.startswith(str(ROOT))]
    path = os.pathsep.join([str(unpacked), *others])
    asked = (sys.executable, "-c", "import ripresa; print(ripresa.__file__)")
    env = install.environment(PYTHONPATH=path)
    found = subprocess.run(asked, env=env, check=True, capture_output=True, text=True).stdout
    assert Path(found.strip()).is_relative_to(unpacked)
    run = install.start("web", PYTHONPATH=path)
    run.wait_for('"listening"')
    address = f"http://127.0.0.1:{install.port}"
    with urllib.request.urlopen(f"{address}/ripresa.js", timeout=30) as answer:
        assert answer.read() == SCRIPT.read_bytes()
    with urllib.request.urlopen(f"{address}/popup.js", timeout=30) as answer:
        assert answer.read() == SCRIPT.with_name("popup.js").read_bytes()
    with urllib.request.urlopen(f"{address}/login/", timeout=30) as page:
        assert b"Sign in" in page.read()
    assert run.end() == 0
