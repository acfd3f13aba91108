"""The shipped templates: each one, in each language, is whole, polite to its reader's programs, and true."""

import re
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from ripresa.core.money import Money
from ripresa.domain.templates.catalogue import find_preset, list_presets, preset_source
from ripresa.domain.templates.compile import compile_template
from ripresa.domain.templates.context import (
    CouponFields,
    ItemFields,
    PersonFields,
    ShopFields,
    build_context,
)
from ripresa.domain.templates.render import render_preset
from ripresa.domain.templates.sample import bare_context, full_context, sample_fields
from tests.mail_templates import with_items

REMINDERS = ["reminder", "second_reminder", "last_reminder"]
EVERY = [
    (preset.name, language)
    for preset in list_presets()
    if "email" in preset.channels
    for language in preset.languages
]
every = pytest.mark.parametrize(("name", "language"), EVERY)
every_reminder = pytest.mark.parametrize(
    ("name", "language"),
    [pair for pair in EVERY if pair[0] in REMINDERS],
)

PICTURE = "https://pics.test/wine.png"
LINKS = sample_fields().links
LANGUAGES = ("de", "en", "it", "ro", "ru")
# What a mail says in each language: to somebody whose name is known, to others, and beside the cart.
HELLO = {
    "en": ("Hello Ada,", "Hello,"),
    "it": ("Ciao Ada,", "Ciao,"),
    "ro": ("Bună ziua, Ada Rossi,", "Bună ziua,"),
    "ru": ("Здравствуйте, Ada Rossi!", "Здравствуйте!"),
    "de": ("Guten Tag Ada Rossi,", "Guten Tag,"),
}
LEFT = {
    "en": "because you left",
    "it": "perché hai lasciato",
    "ro": "pentru că ați lăsat",
    "ru": "потому что оставили",
    "de": "weil Sie bei Bottega etwas im Warenkorb gelassen",
}
ORDERED = {
    "en": "because you ordered",
    "it": "perché hai fatto un ordine",
    "ro": "pentru că ați comandat",
    "ru": "потому что сделали заказ",
    "de": "weil Sie bei Bottega bestellt",
}
MORE = {  # one more item, and how any other number is told
    "en": ("and 1 more item", "and {} more items"),
    "it": ("e un altro articolo", "e altri {} articoli"),
    "ro": ("și încă un articol", "și alte articole: {}"),
    "ru": ("и ещё один товар", "и другие товары: {}"),
    "de": ("und 1 weiterer Artikel", "und {} weitere Artikel"),
}
CODE = {
    "en": "Your code",
    "it": "Il tuo codice",
    "ro": "Codul dumneavoastră",
    "ru": "Ваш код",
    "de": "Ihr Code",
}
REGARDS = {
    "en": "Kind regards,",
    "it": "Un cordiale saluto,",
    "ro": "Cu stimă,",
    "ru": "С уважением,",
    "de": "Freundliche Grüße",
}
# Words with which shops push: none of them is true of a reminder.
PRESSURE = (
    "hurry|last chance|don't miss|only \\d|running out|expires soon|act now|before it's gone|limited"
    "|affrettati|ultima occasione|non perdere|solo \\d|sta per scadere|prima che finisca|ultimi pezzi"
    "|grăbi|ultima șansă|nu rata|doar \\d|expiră curând|ultimele bucăți"
    "|спешите|поспешите|последний шанс|не упустите|только \\d|заканчива"
    "|beeilen|letzte chance|nicht verpassen|nur noch|nur \\d|läuft bald ab|solange der vorrat"
)


def mail_of(name, language, fields=None):
    return render_preset(
        name, "email", language, build_context(fields or sample_fields(), language)
    )


def words_of(mail):
    return " ".join(" ".join(lxml_html.fromstring(mail.html).find("body").itertext()).split())


def test_the_catalogue():
    presets = list_presets()
    assert [preset.name for preset in presets] == [
        *REMINDERS, "agent_reminder", "thank_you", "agent_notice",
    ]  # fmt: skip
    assert {preset.languages for preset in presets} == {LANGUAGES}
    *to_customers, notice = presets
    assert {preset.channels for preset in to_customers} == {("email", "sms", "letter")}
    assert notice.channels == ("agent",)
    assert [preset.name for preset in presets if preset.needs_agent] == ["agent_reminder"]


def test_a_preset_is_compiled_once():
    assert find_preset("reminder", "it") is find_preset("reminder", "it")


def test_what_is_not_there_is_none():
    assert find_preset("reminder", "fr") is None
    assert find_preset("nosuch", "en") is None
    with pytest.raises(KeyError):
        preset_source("reminder", "../it")


@every
def test_its_source_is_a_template_an_author_could_have_written(name, language):
    source = preset_source(name, language)
    assert compile_template(source) == find_preset(name, language)
    assert "[[" not in source.mjml + source.text + source.subject


@every
def test_html_and_text_lead_back_and_out(name, language):
    mail = mail_of(name, language)
    links = [link.get("href") for link in lxml_html.fromstring(mail.html).iterfind(".//a")]
    # Who is thanked has bought: there is no cart to lead back to.
    back = set() if name == "thank_you" else {LINKS.restore}
    assert {LINKS.unsubscribe, LINKS.view, *back} <= set(links)
    lines = mail.text.split()
    assert {LINKS.unsubscribe, LINKS.view, *back} <= set(lines)


@every
@pytest.mark.parametrize("make", [full_context, bare_context])
def test_nothing_of_the_merge_language_is_left(name, language, make):
    mail = render_preset(name, "email", language, make(language))
    for part in (mail.subject, mail.html, mail.text):
        assert not re.search(
            r"\{\{|\{%|\{#|\}\}|%\}|\*\||mergetag|\[\[|\]\]",
            part.replace("<![endif]", "").replace("[if !mso]><!", ""),
        )
    assert mail.subject == mail.subject.strip()
    assert "\n\n\n" not in mail.text


@every
def test_only_pictures_of_items_come_from_elsewhere(name, language):
    fields = with_items(ItemFields("Wine", 1, Money(100, "EUR"), image_url=PICTURE))
    mail = mail_of(name, language, fields)
    tree = lxml_html.fromstring(mail.html)
    fetched = {element.get("src") for element in tree.iterfind(".//*[@src]")}
    assert fetched == ({PICTURE} if name in REMINDERS else set())
    assert not tree.findall(".//link")
    assert not tree.findall(".//script")
    assert not re.search(r"url\(|@import|@font-face|googleapis", mail.html)


@every
def test_a_screen_reader_can_read_it(name, language):
    fields = with_items(
        ItemFields("Wine", 1, Money(100, "EUR"), image_url=PICTURE),
        ItemFields("Tea", 1, Money(100, "EUR")),
    )
    tree = lxml_html.fromstring(mail_of(name, language, fields).html)
    assert tree.get("lang") == language
    assert tree.find(".//title").text.strip()
    assert all(table.get("role") == "presentation" for table in tree.iterfind(".//table"))
    assert [picture.get("alt") for picture in tree.iterfind(".//img")] == (
        ["Wine"] if name in REMINDERS else []
    )
    assert all(
        " ".join(link.itertext()).strip() or link.find("img") is not None
        for link in tree.iterfind(".//a")
    )


@every
def test_it_can_be_read_in_the_dark_and_is_not_too_heavy(name, language):
    html = render_preset(name, "email", language, full_context(language)).html
    assert 'name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html
    # Gmail hides what lies beyond 102 kB, the way out included.
    assert len(html.encode()) < 60_000


@every
def test_it_pushes_nobody(name, language):
    fields = replace(sample_fields(), coupon=CouponFields("X"))
    mail = mail_of(name, language, fields)
    assert not re.search(PRESSURE, f"{mail.subject} {words_of(mail)}", re.IGNORECASE)
    # A Russian greeting ends with one, and means no more by it than a comma.
    assert "!" not in mail.subject + mail.text.replace(HELLO["ru"][0], "")


@every
def test_it_says_who_writes_and_why(name, language):
    mail = mail_of(name, language)
    for part in (words_of(mail), mail.text):
        assert "Via Roma 1, 00184 Roma, Italy" in part
        assert (ORDERED if name == "thank_you" else LEFT)[language] in part


@every
def test_without_a_first_name_the_greeting_is_whole(name, language):
    fields = replace(sample_fields(), person=PersonFields("a@b.test"))
    named, unnamed = HELLO[language]
    for part in (words_of(mail_of(name, language, fields)), mail_of(name, language, fields).text):
        assert unnamed in part
    assert named in mail_of(name, language).text


@every_reminder
def test_a_reminder_shows_the_cart(name, language):
    fields = with_items(ItemFields("Barolo", 2, Money(2_990, "EUR"), "75 cl", PICTURE))
    mail = mail_of(name, language, fields)
    each, total = ("€29.90", "€59.80") if language == "en" else ("29,90 €", "59,80 €")
    if language == "ro":  # where the currency is written by its code
        each, total = each.replace("€", "EUR"), total.replace("€", "EUR")
    quantity = {"en": "Quantity", "it": "Quantità", "ro": "Cantitate", "ru": "Количество"}
    for part in (words_of(mail), " ".join(mail.text.split())):
        told = f"{quantity.get(language, 'Menge')} 2 · {re.escape(each)}"
        assert re.search(rf"Barolo\W+75 cl\W+{told}", part)
        assert part.count(total) == 2  # the row's and the cart's


@every_reminder
@pytest.mark.parametrize("count", [1, 5, 6, 7, 30])
def test_a_reminder_shows_five_items_and_counts_the_rest(name, language, count):
    items = [ItemFields(f"Item-{number}-", 1, Money(100, "EUR")) for number in range(count)]
    mail = mail_of(name, language, with_items(*items))
    one_more, more = MORE[language]
    rest = count - 5
    for part in (words_of(mail), mail.text):
        assert re.findall(r"Item-(\d+)-", part) == [str(number) for number in range(min(count, 5))]
        assert (one_more in part) is (rest == 1)
        assert (more.format(rest) in part) is (rest > 1)


@every_reminder
def test_a_missing_picture_leaves_a_letter_and_no_broken_image(name, language):
    mail = mail_of(name, language, with_items(ItemFields("wine", 1, Money(100, "EUR"))))
    tree = lxml_html.fromstring(mail.html)
    assert not tree.findall(".//img")
    (tile,) = tree.find_class("tile")
    assert tile.text == "W"


@every_reminder
def test_a_coupon_is_shown_only_to_those_who_have_one(name, language):
    without = mail_of(name, language)
    holding = mail_of(name, language, replace(sample_fields(), coupon=CouponFields("BACK10")))
    code = CODE[language]
    assert code not in words_of(without) + without.text
    assert f"{code} BACK10" in words_of(holding)
    assert f"{code} BACK10" in holding.text


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("it", "Hai lasciato qualcosa nel carrello degli acquisti"),
        ("en", "You left something in your shopping cart"),
        ("ro", "Ați lăsat ceva în coșul de cumpărături"),
        ("ru", "Вы оставили кое-что в корзине"),
        ("de", "Sie haben etwas in Ihrem Warenkorb gelassen"),
    ],
)
def test_the_agents_subjects(language, subject):
    assert mail_of("agent_reminder", language).subject == subject


TO_ME = {
    "en": "straight to me",
    "it": "direttamente a me",
    "ro": "direct la mine",
    "ru": "прямо ко мне",
    "de": "direkt bei mir",
}
WE = {
    "en": "We noticed",
    "it": "abbiamo visto",
    "ro": "noi am observat",
    "ru": "Обращаемся",
    "de": "uns ist aufgefallen",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_agents_mail_is_a_letter_without_the_cart(language):
    mail = mail_of("agent_reminder", language)
    for part in (words_of(mail), " ".join(mail.text.split())):
        assert "Barolo" not in part
        assert "€" not in part
        assert f"{REGARDS[language]} Bruno Bianchi Bottega" in part
        assert TO_ME[language] in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_agent_the_shop_signs(language):
    mail = mail_of("agent_reminder", language, replace(sample_fields(), agent=None))
    for part in (words_of(mail), " ".join(mail.text.split())):
        assert f"{REGARDS[language]} Bottega" in part
        assert WE[language] in part
        assert TO_ME[language] not in part


def test_a_shop_without_address_and_site_leaves_no_empty_line():
    fields = replace(sample_fields(), shop=ShopFields("Bottega"))
    assert "--\nBottega\n\nYou are" in mail_of("reminder", "en", fields).text
    assert "Bottega, \n" not in mail_of("agent_reminder", "en", fields).text
