"""Where a restore page may lead, and what the public pages say."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ripresa.public
from ripresa.public.destination import choose_destination
from ripresa.public.texts import TEXTS

STORE = "https://wines.test/"
HOSTS = ["wines.test", "localhost:8400"]


@pytest.mark.parametrize(
    "address",
    ["https://wines.test/cart", "http://wines.test", "https://WINES.test:443/a?b#c",
     "http://localhost:8400/cart/restore?x=1", "https://wines.test?x", "https://wines.test/caffè"],
)  # fmt: skip
def test_the_shops_own_addresses_are_followed(address):
    assert choose_destination(address, HOSTS, STORE) == address


@pytest.mark.parametrize(
    "address",
    ["https://evil.test/", "https://wines.test.evil.test/", "https://evilwines.test/", "//wines.test/",
     "https:wines.test/", "https://user@wines.test/", "https://wines.test@evil.test/",
     "https://evil.test\\@wines.test/", "https://evil.test#@wines.test/", "https://wines.test\\evil",
     "https://wines.test/a b", "https://wines.test/\n", "javascript:alert(1)//wines.test", "http://localhost:8401/",
     "https://wіnes.test/", "https://[::1]/", "data:text/html,x", "https://wines.test:99999999/", "", None],
)  # fmt: skip
def test_anything_else_leads_to_the_front_door(address):
    assert choose_destination(address, HOSTS, STORE) == STORE


@pytest.mark.parametrize("store", ["", "javascript:alert(1)", "wines.test", "ftp://wines.test/"])
def test_without_a_front_door_nowhere(store):
    assert choose_destination("https://evil.test/", HOSTS, store) is None


ANY_ADDRESS = st.text(alphabet="htps:/\\@.#?wines.test evil\t\n%00[]1", max_size=60)


@given(ANY_ADDRESS | ANY_ADDRESS.map(lambda text: f"https://{text}") | st.text())
def test_nothing_leaves_the_shops_hosts(address):
    target = choose_destination(address, HOSTS, STORE)
    assert target is not None
    parts = urlsplit(target)
    assert parts.scheme in {"http", "https"}
    assert parts.netloc.partition(":")[0].lower() in {"wines.test", "localhost"}
    assert not re.search(r"[\s\\]", target)


def test_every_language_says_everything():
    keys = {language: set(texts) for language, texts in TEXTS.items()}
    assert set(keys) >= {"en", "it"}
    assert len({frozenset(each) for each in keys.values()}) == 1
    assert all(text.strip() for texts in TEXTS.values() for text in texts.values())


def test_templates_use_every_text_and_no_other():
    folder = Path(ripresa.public.__file__).parent / "templates" / "public"
    used = {
        key
        for path in folder.glob("*.html")
        for key in re.findall(r"\bt\.([a-z_]+)", path.read_text(encoding="utf-8"))
    }
    # Said by name: the switches, what became of a wish, and the words that are the proof of a consent.
    named = {"agree", "saved", "stopped_everything", "email", "sms", "letter", "email_and_sms"}
    named |= {"stopped_sms", "stopped_letter"}
    assert used | named == set(TEXTS["en"])
    assert not used & named
