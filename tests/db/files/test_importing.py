"""CAP-1, CAP-8, CUS-4: contacts, orders and carts come from files; each row has an answer."""

import json
from decimal import Decimal

import pytest

from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.models import Contact
from ripresa.domain.imports.models import FileImport, FilePiece, FileProblem
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.scenarios.models import Recovery
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.files import exporting, taking
from ripresa.usecases.files.mappings import list_mappings
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.personal_data.holdings import HOLDINGS
from ripresa.usecases.retention.keeping import let_go_of
from tests.rows import DAY, T0, make_scenario

CONTACTS = (
    "E-Mail;Vorname;Nachname;Telefon;Land;Newsletter;Consent date;Optin source\n"
    "Ada@Example.test;Ada;Rossi;333 1234567;Italien;ja;01.03.2026;Kasse\n"
    "ben@example.test;Ben;Groß;+49 30 901820;DE;nein;;\n"
    "cleo@example.test;Cleo;;12;IT;ja;;\n"
    "not an address;Dan;;;IT;;;\n"
    ";Eve;;+39 02 12345678;IT;perhaps;;\n"
)
ORDERS = (
    "Order ID,Date,Total,Currency,Email,Status,Coupon\n"
    '1001,13/10/2026 09:30,"1.234,50",EUR,ada@example.test,completed,BACK10\n'
    '1002,14/10/2026,"20,00",EUR,ben@example.test,cancelled,\n'
    '1003,yesterday,"5,00",EUR,ben@example.test,completed,\n'
    '1001,13/10/2026 09:30,"1.234,50",EUR,ada@example.test,completed,BACK10\n'
)
CARTS = (
    "cart_id\temail\tabandoned_at\tproduct\tquantity\tprice\n"
    "c1\tada@example.test\t2026-11-20 09:00\tBarolo\t2\t29.90\n"
    "c1\tada@example.test\t2026-11-20 09:00\tSoave\t1\t9.90\n"
    "c2\tben@example.test\t2026-11-20 09:30\tPassito\t0\t19.90\n"
    "c3\tben@example.test\t2036-11-20\tPassito\t1\t19.90\n"
)


def write(tmp_path, name, text, encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def told(done):
    return json.loads(done.output)


def test_contacts_in_any_encoding_with_only_proven_consent(tmp_path, ripresa, shop):
    file = write(tmp_path, "people.csv", CONTACTS, "utf-16")
    seen = told(ripresa("import", "contacts", file, "--preview", "--json"))
    assert (seen["good"], seen["wrong"], seen["encoding"]) == (3, 2, "utf-16")
    assert seen["columns"]["email_consent"] == "Newsletter"
    assert seen["columns"]["consent_source"] == "Optin source"
    assert not InboxEvent.objects.exists()
    done = told(ripresa("import", "contacts", file, "--json"))
    assert (done["state"], done["good"], done["wrong"], done["flawed"]) == ("done", 3, 2, 1)
    assert [(each["row"], each["column"], each["code"], each["lost"]) for each in done["problems"]] == [
        (4, "Newsletter", "no_proof", False),
        (4, "Telefon", "not_a_phone", False),
        (5, "E-Mail", "not_an_email", True),
        (6, "Newsletter", "not_a_state", True),
    ]  # fmt: skip
    fold_shop(shop_id=shop.id, now=T0)
    people = {one.email: one for one in Contact.objects.filter(shop=shop)}
    assert set(people) == {"ada@example.test", "ben@example.test", "cleo@example.test"}
    ada = people["ada@example.test"]
    assert (ada.first_name, ada.phone, ada.consent_email) == ("Ada", "+393331234567", "granted")
    assert people["ben@example.test"].consent_email == "denied"
    assert people["cleo@example.test"].consent_email == "unknown"
    again = told(
        ripresa("import", "contacts", write(tmp_path, "b.csv", CONTACTS, "cp1252"), "--json")
    )
    assert (again["good"], again["fresh"]) == (3, 0)
    # Rows of them were left out, and may be taken from them to be mended.
    assert FilePiece.objects.exists()


def test_orders_with_decimal_commas_and_states(tmp_path, ripresa, shop):
    done = told(ripresa("import", "orders", write(tmp_path, "orders.csv", ORDERS), "--json"))
    assert (done["good"], done["wrong"], done["problems"][0]["row"]) == (3, 1, 4)
    fold_shop(shop_id=shop.id, now=T0)
    first, second = Order.objects.filter(shop=shop).order_by("external_id")
    assert (first.total_minor, first.discount_codes) == (123450, ["BACK10"])
    assert first.placed_at.isoformat() == "2026-10-13T07:30:00+00:00"  # the shop is in Rome
    assert (first.cancelled_at, second.cancelled_at) == (None, second.placed_at)
    shown = ripresa("import", "errors", done["id"]).output
    assert "4,Date,not_an_instant" in shown


def test_carts_are_abandoned_and_nobody_is_written_to(tmp_path, ripresa, shop):
    make_scenario(shop, "Left")
    done = told(ripresa("import", "carts", write(tmp_path, "carts.tsv", CARTS), "--json"))
    assert [(each["row"], each["code"]) for each in done["problems"]] == [
        (4, "not_a_quantity"), (5, "not_yet"),
    ]  # fmt: skip
    fold_shop(shop_id=shop.id, now=T0)
    cart = Cart.objects.get(shop=shop)
    assert (cart.item_count, Decimal(cart.total_minor) / 100) == (3, Decimal("69.70"))
    advance_carts(shop_id=shop.id, now=T0)
    cart.refresh_from_db()
    assert cart.state == "abandoned"
    assert [(one.state, one.reason) for one in Recovery.objects.filter(shop=shop)] == [
        ("skipped", "before_activation")
    ]


def test_what_broke_off_goes_on_and_nothing_is_doubled(tmp_path, ripresa, shop, monkeypatch):
    rows = "".join(f"p{number}@example.test,P{number}\n" for number in range(25))
    file = write(tmp_path, "many.csv", "email,first name\n" + rows)
    monkeypatch.setattr(taking, "BATCH", 10)
    real, calls = taking.inbox.store, []

    def store(**values):
        calls.append(values)
        if len(calls) == 2:
            real(**values)  # it is in the transaction, which does not end
            raise KeyboardInterrupt
        return real(**values)

    monkeypatch.setattr(taking.inbox, "store", store)
    ripresa("import", "contacts", file, "--json")
    left = FileImport.objects.get()
    assert (left.state, left.position, left.good) == ("running", 11, 10)
    assert InboxEvent.objects.count() == 10
    FileImport.objects.update(touched_at=T0 - DAY)  # whoever it was is gone for good
    done = told(ripresa("import", "contacts", file, "--resume", "--json"))
    assert (done["id"], done["state"], done["good"], done["fresh"]) == (
        str(left.id), "done", 25, 25,
    )  # fmt: skip
    assert InboxEvent.objects.count() == 25
    with pytest.raises(Problem, match="waits to be gone on"):
        ripresa("import", "contacts", file, "--resume")


def test_a_file_that_cannot_be_understood_says_what_is_missing(tmp_path, ripresa, shop):
    file = write(tmp_path, "odd.csv", "Foo,Bar\n1,2\n")
    with pytest.raises(Problem, match="which column holds email or phone or customer_id"):
        ripresa("import", "contacts", file)
    with pytest.raises(Problem, match="there is no mapping 'none'"):
        ripresa("import", "contacts", file, "--mapping", "none")
    assert not FileImport.objects.exists()


def test_every_mapping_reads_its_own_headings(tmp_path, ripresa, shop):
    for name, one in list_mappings().items():
        headings = {field: names.split("|")[0] for field, names in one.columns.items()}
        cells = {"email": "ada@example.test", "left_at": "2026-11-01T10:00", "total": "59.80"}
        rows = [",".join(headings.values()), ",".join(cells.get(field, "") for field in headings)]
        file = write(tmp_path, f"{name}.csv", "\n".join(rows) + "\n")
        seen = told(ripresa("import", one.kind, file, "--mapping", name, "--preview", "--json"))
        assert seen["columns"] == headings, name
        assert (seen["good"], seen["wrong"]) == (1, 0), name


REAL = {
    "klaviyo-contacts": (
        (
            "Email,Klaviyo ID,First Name,Last Name,City,State / Region,Country,Zip Code,Source,"
            "Email Marketing Consent,Email Marketing Consent Timestamp,Profile Created On,Date Added"
        ),
        (
            "ada@example.test,01H,Ada,Rossi,Bologna,BO,Italy,40121,form,SUBSCRIBED,"
            "2025-03-01T10:00:00Z,2025-02-01 09:00:00,2025-03-01 10:00:00"
        ),
    ),
    "hubspot-contacts": (
        "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Country/Region",
        "101,Ada,Rossi,ada@example.test,+39 333 000 0001,NEW,2024-03-12 09:14,Italy",
    ),
    "hubspot-deals": (
        "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Deal owner,Associated Contact",
        (
            "9001,Barolo,Check out abandoned,59.80,,2025-01-01 10:00,Sara,"
            "Ada Rossi (ada@example.test);Ben (b@x.test)"
        ),
    ),
    "edrone-contacts": (
        (
            "E-mail;Name;Last name;Phone number;City;Country;Language;Email subscription status;"
            "SMS subscription status;Email subscription confirmation date"
        ),
        "ada@example.test;Ada;Rossi;393330000001;Bologna;IT;it;1;0;2025-03-01",
    ),
    "cartbounty-carts": (
        'ID,"Name, Surname",Email,Phone,Location,Cart contents,Cart total,Time',
        (
            '17,Ada Rossi,ada@example.test,+393330000001,"IT, Bologna",Barolo (2),59.80 EUR,'
            "2025-03-01 10:00:00"
        ),
    ),
}


def test_exports_as_other_programs_know_them_are_read_without_a_complaint(tmp_path, ripresa, shop):
    for name, lines in REAL.items():
        kind = list_mappings()[name].kind
        file = write(tmp_path, f"{name}.csv", "\n".join(lines) + "\n")
        done = told(ripresa("import", kind, file, "--mapping", name, "--json"))
        assert (done["good"], done["wrong"], done["flawed"]) == (1, 0, 0), (name, done)
    fold_shop(shop_id=shop.id, now=T0)
    ada = Contact.objects.get(shop=shop, email="ada@example.test")
    assert (ada.first_name, ada.last_name, ada.address["country"]) == ("Ada", "Rossi", "IT")
    assert not Contact.objects.filter(shop=shop).exclude(id=ada.id).exists()
    totals = set(Cart.objects.filter(shop=shop).values_list("total_minor", flat=True))
    assert totals == {5980}


def test_an_erased_person_is_in_no_kept_file_any_more(shop):
    named = {holding.table for holding in HOLDINGS}
    assert {FilePiece._meta.db_table, FileProblem._meta.db_table} <= named


def test_a_table_is_written_page_by_page(tmp_path, ripresa, shop, monkeypatch):
    rows = "".join(f"p{number}@example.test,P{number}\n" for number in range(7))
    ripresa("import", "contacts", write(tmp_path, "some.csv", "email,first name\n" + rows))
    fold_shop(shop_id=shop.id, now=T0)
    monkeypatch.setattr(exporting.export_page, "__kwdefaults__", {"after": None, "most": 3})
    file = tmp_path / "out.csv"
    assert "7 contacts written" in ripresa("export", "contacts", file).output
    again = told(ripresa("import", "contacts", file, "--preview", "--json"))
    assert (again["good"], again["columns"]["first_name"]) == (7, "first_name")


def test_what_was_wrong_in_old_files_is_let_go(tmp_path, ripresa, shop):
    ripresa("import", "contacts", write(tmp_path, "people.csv", CONTACTS), "--json")
    assert FileProblem.objects.filter(shop=shop).exists()
    let_go_of(shop, "files", T0 + 29 * DAY)
    assert FileProblem.objects.filter(shop=shop).exists()
    # Four complaints, and the file itself, which was kept for its rows to be mended.
    assert let_go_of(shop, "files", T0 + 31 * DAY) == 5
    assert not FileProblem.objects.filter(shop=shop).exists()
    assert FileImport.objects.filter(shop=shop).count() == 1
