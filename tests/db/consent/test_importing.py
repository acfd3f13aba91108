"""CNS-1: consents come from a file, with proof; what is wrong is told row by row."""

import json
import tracemalloc

import pytest

from ripresa.domain.contacts.models import ConsentWord, Contact
from ripresa.domain.inbox.models import InboxEvent
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.consent.import_consents import Defaults, open_consents
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.tables.importing import Manner
from tests.rows import T0

FILE = (
    "E-Mail;Channel;Status;Consent at;Source;Text;IP\n"
    "Ada@Example.test;email;yes;2026-03-01 15:00;fair;Yes, write to me.;192.0.2.7\n"
    "ada@example.test;sms;unsubscribed;2026-03-02;;;\n"
    "nobody;email;yes;2026-03-01;;;\n"
    "ben@example.test;fax;yes;2026-03-01;;;\n"
    "ben@example.test;email;perhaps;2026-03-01;;;\n"
    "ben@example.test;email;yes;;;;\n"
    "ben@example.test;email;yes;2036-03-01;;;\n"
    "ben@example.test;email;yes;03/04/26;;;\n"
    "ben@example.test;email;yes;2026-03-01;;;999.0.0.1\n"
    "ben@example.test;email;yes;0001-01-01;;;\n"
    "ben@example.test;email;yes;9999-12-31T23:59-10:00;;;\n"
    "ben@example.test;email;yes;1969-07-20;;;\n"
    "\n"
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "optins.csv"
    path.write_text(FILE)
    return path


def test_what_it_holds_is_shown_before_anybody_asks(file, ripresa, shop):
    text = ripresa("consent", "import", file, "--preview").output
    assert "row 2: email:ada@example.test  email granted  2026-03-01 15:00  fair" in text
    assert "2 good, 10 wrong, 1 blank." in text
    assert "optins.csv:4: 'nobody' is no e-mail address (not_an_email)" in text
    assert "Nothing was stored" in text
    assert not InboxEvent.objects.filter(shop=shop).exists()


def test_it_is_stored_when_somebody_says_yes(file, ripresa, shop):
    assert "2 new" in ripresa("consent", "import", file, answer="y\n").output
    fold_shop(shop_id=shop.id, now=T0)
    ada = Contact.objects.get(shop=shop)
    assert (ada.email, ada.consent_email, ada.consent_sms) == (
        "ada@example.test", "granted", "denied",
    )  # fmt: skip
    word = ConsentWord.objects.get(shop=shop, channel="email")
    assert (word.source, word.text, word.ip, word.proven) == (
        "fair", "Yes, write to me.", "192.0.2.7", True,
    )  # fmt: skip
    assert word.at.isoformat() == "2026-03-01T14:00:00+00:00"  # 15:00 on the shop's clock


def test_no_is_no(file, ripresa, shop):
    assert ripresa("consent", "import", file, answer="n\n").exit_code == 1
    assert not InboxEvent.objects.filter(shop=shop).exists()


def test_again_it_changes_nothing(file, ripresa, shop):
    for expected in (2, 0):
        told = json.loads(ripresa("consent", "import", file, "--yes", "--json").output)
        assert told["stored"] == expected
        fold_shop(shop_id=shop.id, now=T0)
    assert ConsentWord.objects.filter(shop=shop).count() == 2


def test_a_program_hears_why_each_row_is_wrong(file, ripresa):
    told = json.loads(ripresa("consent", "import", file, "--preview", "--json").output)
    assert [(each["row"], each["code"]) for each in told["problems"]] == [
        (4, "not_an_email"), (5, "not_a_channel"), (6, "not_a_state"), (7, "no_time"),
        (8, "not_yet"), (9, "not_an_instant"), (10, "not_an_ip"), (11, "not_an_instant"), (12, "not_an_instant"),
        (13, "not_an_instant"),
    ]  # fmt: skip


def test_columns_can_be_said_and_the_rest_by_options(tmp_path, ripresa, shop):
    path = tmp_path / "list.csv"
    path.write_text("Who,When\nada@example.test,01.03.2026\n")
    with pytest.raises(Problem, match="which column holds email or phone or customer"):
        ripresa("consent", "import", path, "--yes")
    ripresa(
        "consent", "import", path, "--yes", "--column", "email=Who", "--column", "at=2",
        "--source", "old shop", "--text", "Newsletter, please.",
    )  # fmt: skip
    fold_shop(shop_id=shop.id, now=T0)
    word = ConsentWord.objects.get(shop=shop)
    assert (word.source, word.text) == ("old shop", "Newsletter, please.")


@pytest.mark.parametrize("column", ["Who", "=x", "who=", "who=Nobody", "email=9"])
def test_a_column_that_is_not_there_is_named(column, file, ripresa):
    with pytest.raises(Problem):
        ripresa("consent", "import", file, "--yes", "--column", column)


def test_an_older_import_lifts_no_unsubscribe(file, ripresa, shop, hear):
    hear(
        {"id": "no", "type": "consent.changed", "occurred_at": "2026-06-01T00:00:00Z",
         "contact": {"email": "ada@example.test", "consent": {"email": "denied"}}}
    )  # fmt: skip
    ripresa("consent", "import", file, "--yes")
    fold_shop(shop_id=shop.id, now=T0)
    assert Contact.objects.get(shop=shop).consent_email == "denied"


def test_a_long_file_takes_little_memory(tmp_path, shop):
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("email,at\n")
        file.writelines(f"p{number}@example.test,2026-03-01\n" for number in range(60_000))
    found = open_consents(shop=shop, path=path, manner=Manner({}), defaults=Defaults(), now=T0)
    tracemalloc.start()
    found.look()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.good == 60_000
    assert peak < 3_000_000
