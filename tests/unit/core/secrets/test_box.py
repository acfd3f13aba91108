"""Secrets are sealed with the newest key, opened with any of them, and printed never."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.core.config import Config, ConfigError
from ripresa.core.secrets import key_file
from ripresa.core.secrets.box import CannotOpen, SecretBox
from tests.forging import forged

OLD, NEW = key_file.new_key(), key_file.new_key()
SECRETS = {"token": "s3cret ✓", "password": ""}


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_what_is_sealed_is_opened(secrets):
    box = SecretBox([NEW])
    assert box.open(box.seal(secrets)) == secrets


def test_nothing_of_it_can_be_read():
    assert b"s3cret" not in SecretBox([NEW]).seal(SECRETS)


def test_an_older_key_opens_and_no_longer_seals():
    box = SecretBox([NEW, OLD])
    sealed = SecretBox([OLD]).seal(SECRETS)
    assert box.open(sealed) == SECRETS
    assert SecretBox([NEW]).open(box.reseal(sealed)) == SECRETS
    with pytest.raises(CannotOpen, match="RIPRESA_SECRET_KEYS"):
        SecretBox([OLD]).open(box.seal(SECRETS))


def test_what_was_changed_is_not_opened():
    sealed = SecretBox([NEW]).seal(SECRETS)
    for wrong in (b"", b"nonsense", sealed[:-1], forged(sealed.decode()).encode()):
        with pytest.raises(CannotOpen):
            SecretBox([NEW]).open(wrong)


@pytest.mark.parametrize("wrong", ["", "short", "x" * 44])
def test_a_key_that_is_none_is_refused_without_being_told(wrong):
    with pytest.raises(ConfigError, match="44 characters") as refusal:
        SecretBox([wrong or "not-a-key"])
    assert "not-a-key" not in str(refusal.value)
    assert "xxx" not in str(refusal.value)


def test_keys_are_not_printed():
    assert NEW not in repr(SecretBox([NEW]))
    config = Config.from_env({"RIPRESA_SECRET_KEYS": NEW, "RIPRESA_SECRET_KEY": "x"})
    assert NEW not in repr(config)


def test_keys_come_from_the_environment(tmp_path):
    env = {"RIPRESA_HOME": str(tmp_path), "RIPRESA_SECRET_KEYS": f"{NEW}, {OLD}"}
    box = SecretBox.of(Config.from_env({**env, "RIPRESA_SECRET_KEY": "x"}))
    assert SecretBox([NEW]).open(box.seal(SECRETS)) == SECRETS
    assert list(tmp_path.iterdir()) == []


def test_without_them_from_a_file_that_is_made_once_and_for_its_owner_alone(tmp_path):
    config = Config.from_env({"RIPRESA_HOME": str(tmp_path), "RIPRESA_SECRET_KEY": "x"})
    sealed = SecretBox.of(config).seal(SECRETS)
    assert SecretBox.of(config).open(sealed) == SECRETS
    [path] = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_rotation_keeps_the_key_before(tmp_path):
    config = Config.from_env({"RIPRESA_HOME": str(tmp_path), "RIPRESA_SECRET_KEY": "x"})
    [first] = key_file.read(tmp_path)
    for _ in range(3):
        key_file.add(tmp_path)
        key_file.forget_old(tmp_path)
    keys = key_file.read(tmp_path)
    assert len(keys) == 2
    assert first not in keys
    path = tmp_path / key_file.NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SecretBox.of(config).keys == keys


def test_an_empty_file_is_no_reason_to_make_a_new_key(tmp_path):
    (tmp_path / key_file.NAME).write_text("")
    with pytest.raises(ConfigError, match="put the key back"):
        key_file.read(tmp_path)
