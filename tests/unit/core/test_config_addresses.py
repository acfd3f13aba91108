"""The addresses that links are made of."""

from pathlib import Path

import pytest

from ripresa.core.config import Config, ConfigError

HOME = {"RIPRESA_HOME": str(Path("/nowhere")), "RIPRESA_SECRET_KEY": "s"}


def test_links_in_short_messages_have_an_address_of_their_own():
    given = {**HOME, "RIPRESA_PUBLIC_URL": "https://mail.wines.example/"}
    assert Config.from_env(given).short_url == "https://mail.wines.example"
    given["RIPRESA_SHORT_URL"] = "https://go.wines.example/"
    config = Config.from_env(given)
    assert (config.public_url, config.short_url) == (
        "https://mail.wines.example",
        "https://go.wines.example",
    )


@pytest.mark.parametrize("name", ["RIPRESA_SHORT_URL", "RIPRESA_PUBLIC_URL"])
def test_what_is_no_address_is_refused_by_its_name(name):
    with pytest.raises(ConfigError, match=name):
        Config.from_env({**HOME, name: "go.wines.example"})
