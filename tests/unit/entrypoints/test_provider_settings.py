"""Secrets of a provider come from standard input or the environment, never from the command line."""

import io

import pytest

from ripresa.channels.smtp.provider import PROVIDER
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.provider_settings import settings_from

URL = "smtp://shop:hunter2@mail.example:587"


def test_a_secret_on_the_command_line_is_refused_without_being_told():
    with pytest.raises(Problem, match="RIPRESA_PROVIDER_URL") as refusal:
        settings_from(PROVIDER, [f"url={URL}"], stdin=False, is_new=True)
    assert "hunter2" not in str(refusal.value)


def test_what_is_no_pair_is_refused_without_being_told():
    with pytest.raises(Problem, match="name=value") as refusal:
        settings_from(PROVIDER, ["hunter2"], stdin=False, is_new=True)
    assert "hunter2" not in str(refusal.value)


def test_it_is_read_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"\nurl={URL}?a=b\n"))
    assert settings_from(PROVIDER, [], stdin=True, is_new=True) == {"url": f"{URL}?a=b"}


def test_it_is_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("RIPRESA_PROVIDER_URL", URL)
    assert settings_from(PROVIDER, [], stdin=False, is_new=False) == {"url": URL}


def test_a_change_asks_for_nothing(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert settings_from(PROVIDER, [], stdin=False, is_new=False) == {}
