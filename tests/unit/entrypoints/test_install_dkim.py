"""RIPRESA_DKIM: what signs the mails that leave by the install's own mail server."""

import re
from datetime import timedelta

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from typer.testing import CliRunner

from ripresa.core.config import ConfigError, load
from ripresa.entrypoints.cli.app import app
from ripresa.entrypoints.registry import email_channel, install_signer
from tests.mails import an_email
from tests.smtp_sink import SinkServer

NAME = "r1._domainkey.wines.example"


def make(*words):
    return CliRunner().invoke(app, ["dkim", "make", *words])


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "dkim.key"
    done = make("--domain", "wines.example", "--selector", "r1", "--file", str(file))
    assert done.exit_code == 0, done.output
    assert f"RIPRESA_DKIM={NAME}={file}" in done.output
    assert file.stat().st_mode & 0o077 == 0
    return file


def test_a_key_in_a_file_signs_what_leaves_by_the_install_s_mail_server(key_file, monkeypatch):
    monkeypatch.setenv("RIPRESA_DKIM", f"{NAME}={key_file}")
    record = install_signer().record
    with SinkServer() as sink:
        monkeypatch.setenv("RIPRESA_SMTP_URL", sink.url)
        channel = email_channel(load())
        channel.send([an_email()], timeout=timedelta(seconds=20))
        channel.close()
        (caught,) = sink.wait_for(1)
    assert dkim.verify(caught.content, dnsfunc=lambda *_a, **_k: record.encode())
    shown = CliRunner().invoke(app, ["dkim", "show", "--json"])
    assert re.search(re.escape(record), shown.output)


def test_a_key_in_pem_will_do_as_well(tmp_path, monkeypatch):
    key = rsa.generate_private_key(65537, 1024)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path / "dkim.pem"
    file.write_bytes(pem)
    monkeypatch.setenv("RIPRESA_DKIM", f"{NAME}={file}")
    assert install_signer().record_name == NAME


def test_a_key_is_never_written_over_another(key_file):
    before = key_file.read_bytes()
    again = make("--domain", "wines.example", "--file", str(key_file))
    assert again.exit_code != 0
    assert key_file.read_bytes() == before
    assert make("--domain", "wines.example").exit_code != 0  # nobody's


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wines.example", "must look like"),
        (f"{NAME}=/nowhere/at/all", "can't be read"),
        (f"{NAME}={__file__}", "RIPRESA_DKIM"),
    ],
)
def test_what_can_t_be_is_refused_at_the_start(text, words, monkeypatch):
    monkeypatch.setenv("RIPRESA_DKIM", text)
    with pytest.raises(ConfigError, match=words):
        install_signer()


def test_without_it_nothing_is_signed(monkeypatch):
    monkeypatch.delenv("RIPRESA_DKIM", raising=False)
    assert install_signer() is None
