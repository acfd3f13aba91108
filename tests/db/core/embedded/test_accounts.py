"""Who runs the server: root through a user of its own, everybody else as himself."""

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from ripresa.core.embedded import server
from ripresa.core.embedded.account import SYSTEM_USER, Account, find_account
from ripresa.core.embedded.binaries import find_binaries, reachable_by
from tests.db.core.embedded.actors import Stage

root_only = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root runs the server as another user"
)


@pytest.fixture
def somebody(stage: Stage) -> Account:
    """An ordinary user who can run a Python like ours: the one root makes for the server will do."""
    account = find_account(stage.folder / "nothing")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (Path(sys.executable), Path("/usr/bin") / version):
        if account.can_run(python) and account.can_enter(Path(__file__).parent):
            stage.python = python
            return account
    pytest.skip(f"the user {account.name} can't enter the folders of Python or of these tests")


@root_only
def test_root_runs_it_as_a_user_that_owns_nothing_else(lived_in: Stage):
    user = lived_in.enter()
    assert user.url
    owner = Path(f"/proc/{lived_in.postmaster()}").stat().st_uid
    account = find_account(lived_in.place.data)
    assert (account.name, account.uid) == (SYSTEM_USER, owner)
    assert lived_in.place.base == lived_in.home / "postgres"


@root_only
def test_a_home_the_server_cannot_enter_keeps_its_modes(stage: Stage):
    closed = stage.folder / "closed"
    closed.mkdir(mode=0o700)
    stage.home = closed / "home"
    first = stage.enter(stage.home)
    first.query("CREATE TABLE kept (id int)")
    assert f"the system user {SYSTEM_USER} can't enter that folder" in first.said
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    base = stage.place.base
    assert not base.is_relative_to(closed)
    assert str(stage.home) in (base / "home.txt").read_text()
    first.leave()
    again = stage.enter(stage.home)
    assert again.query("SELECT count(*) FROM kept") == 0
    again.leave()
    away = base.with_name(f"{base.name}-away")
    base.rename(away)
    assert f"{base}, and that folder is missing" in stage.enter(stage.home).refusal()
    away.rename(base)


@root_only
def test_programs_the_server_cannot_enter_are_copied(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    account = find_account(stage.home)
    closed = stage.folder / "closed"
    closed.mkdir(mode=0o700)
    binaries = find_binaries()
    package = binaries.folder.parent
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), closed / name, symlinks=True)
    hidden = type(binaries)(closed / package.name / binaries.folder.name, binaries.major)
    assert reachable_by(account, binaries) == binaries
    monkeypatch.setattr("ripresa.core.embedded.binaries.STATE_ROOT", stage.folder / "state")
    copy = reachable_by(account, hidden)
    assert account.can_run(copy.program("postgres"))
    assert copy.folder.is_relative_to(stage.folder / "state")
    assert reachable_by(account, hidden) == copy


@root_only
def test_an_ordinary_user_runs_it_as_himself(stage: Stage, somebody: Account):
    home = stage.folder / "theirs"
    home.mkdir(mode=0o700)
    somebody.give(home)
    stage.home = home
    user = stage.enter(home, somebody)
    assert user.query("SELECT 1") == 1
    assert stage.place.data.stat().st_uid == somebody.uid
    # Root beside him shares the same server.
    root = stage.enter(home)
    assert root.url == user.url
    user.leave()
    root.leave()
    assert server.has_ended(stage.place)


@root_only
def test_an_ordinary_user_is_told_whose_home_it_is(lived_in: Stage, somebody: Account):
    said = lived_in.enter(None, somebody).refusal()
    assert "Run Ripresa as the user who owns it" in said


@root_only
def test_an_ordinary_user_is_told_that_he_may_not_write_there(stage: Stage, somebody: Account):
    stage.home.mkdir(mode=0o755)
    assert "can't be used by this user" in stage.enter(stage.home, somebody).refusal()
