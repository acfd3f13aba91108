"""CAP-10: the pop-up's settings are checked, its words complete, and their version tells them apart."""

import pytest

from ripresa.domain.shops.models import Shop
from ripresa.usecases.popup.settings import (
    BadPopup,
    contrast,
    for_pages,
    read_popup,
    shipped_words,
)

SHOP = Shop(slug="wines", name="Ada's Wines", country="DE", language="it")


def test_nothing_said_is_a_whole_pop_up_that_is_off():
    page = for_pages(read_popup({}), SHOP)
    assert page["enabled"] is False
    assert sorted(page["words"]) == ["de", "en", "it", "ro", "ru"]
    assert (page["default_language"], page["calling_code"], page["keeps_zero"]) == (
        "it",
        "+49",
        False,
    )
    assert page["words"]["en"]["consent_email"].startswith("Yes, Ada's Wines may write to me")


def test_every_language_that_is_shipped_says_everything():
    assert {frozenset(words) for words in shipped_words().values()} == {
        frozenset(shipped_words()["en"])
    }


def test_other_words_to_agree_to_are_another_version_and_a_title_is_not():
    def version(**words):
        return for_pages(read_popup({"words": {"en": words}}), SHOP)["words"]["en"]["version"]

    assert version(title="Wait!") == version()
    assert version(consent_email="Yes {to} all.") != version()


def test_words_of_ones_own_are_taken_as_they_are():
    page = for_pages(
        read_popup({"words": {"en": {"title": "{20} % off"}}, "only_these": True}), SHOP
    )
    assert list(page["words"]) == ["en"]
    assert page["words"]["en"]["title"] == "{20} % off"


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"colours": {"text": "#888888"}}, "contrast of 3.5"),
        ({"colours": {"text": "red"}}, "is like #1a2b3c"),
        ({"show": {"after_pages": 0}}, "show.after_pages"),
        ({"words": {"fr": {"title": "Bonjour"}}}, "words.fr lacks"),
        ({"words": {"en": {"privacy_url": "javascript:alert(1)"}}}, "privacy_url"),
        ({"default_language": "xx"}, "default_language"),
        ({"colour": "#fff"}, "colour"),
        ({"only_these": True}, "only_these"),
        ([], "object"),
    ],
)
def test_what_makes_no_sense_is_refused(said, complaint):
    with pytest.raises(BadPopup, match=complaint):
        read_popup(said)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
