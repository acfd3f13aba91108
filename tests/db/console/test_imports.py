"""CUS-4, CNS-1: a file is brought, its columns chosen, its consent proven, its wrong rows mended."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ripresa.domain.contacts.models import ConsentWord, Contact
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport, FilePiece
from ripresa.domain.inbox.models import InboxEvent
from ripresa.usecases.files.taking import FileTaker
from ripresa.usecases.fold_events import fold_shop
from tests.db.console.pages import markup, part, text_of
from tests.rows import T0
from tests.worlds.imports import PEOPLE, import_of

LIST = reverse("imports", args=["wines"])
CHOSEN = {
    "column-1": "email", "column-2": "full_name", "column-3": "phone", "header": "yes",
    "encoding": "utf-8", "delimiter": ";", "dates": "dmy", "decimal": ".", "agreement": "file",
}  # fmt: skip
PROVEN = {
    "agreement": "all", "agreed": ["email"], "agreed_on": "2026-10-01", "agreed_where": "Vinitaly",
    "agreed_text": "Yes, send me offers.",
}  # fmt: skip


def bring(client, text=PEOPLE, **more):
    file = SimpleUploadedFile("people.csv", text.encode(), content_type="text/csv")
    return client.post(LIST, {"file": file, "kind": "contacts", **more})


def newest() -> FileImport:
    return FileImport.objects.order_by("-id")[0]


def page(name: str) -> str:
    return reverse(name, args=["wines", newest().id])


def take_in(shop, now=T0) -> None:
    taker = FileTaker()
    while taker.take_due(shop_id=shop.id, now=now):
        pass
    fold_shop(shop_id=shop.id, now=now)


def test_from_the_file_to_the_people_and_the_mended_rows(world, ada):
    assert bring(ada).headers["Location"] == page("import-columns")
    seen = ada.get(page("import-columns"))
    assert "gina@mail.test Gina +393339876543 likes red" in text_of(seen)
    for column, field in ((1, "email"), (3, "phone"), (4, "email_consent"), (5, "")):
        found = re.search(rf'name="column-{column}">(.*?)</select>', markup(seen))
        assert found
        assert re.findall(r'value="(\w*)" selected', found[1]) == ([field] if field else [])
    # Nothing but what was chosen: the phone is left where it stands.
    sent = ada.post(page("import-columns"), {**CHOSEN, "column-3": ""})
    assert sent.headers["Location"] == page("import-confirm")
    told = text_of(ada.get(page("import-confirm")))
    assert "Would be taken in 2 Of the whole file. Nothing is stored yet." in told
    assert "Would be left out 1" in told
    assert "No consent is assumed" in told
    assert not InboxEvent.objects.filter(shop=world.shop).exists()
    ada.post(page("import-confirm"))
    running = ada.get(page("import"), headers={"HX-Request": "true"})
    assert b'hx-trigger="every 2s"' in running.content
    take_in(world.shop)
    gina = Contact.objects.get(shop=world.shop, email="gina@mail.test")
    assert (gina.first_name, gina.phone, gina.consent_email) == ("Gina", None, "unknown")
    done = ada.get(page("import"))
    assert part(done, "Rows with something wrong") == (
        "CSV Row Column What is wrong What happens 3 E-Mail This is no e-mail address. Row left out"
    )


def test_rows_that_were_left_out_are_mended_and_brought_again(world, ada):
    first = import_of(world)
    ada.post(page("import-confirm"))
    take_in(world.shop)
    rows = ada.get(page("import-mend")).content.decode("utf-8-sig")
    assert rows.splitlines()[0] == "E-Mail;Name;Telefon;Newsletter;Notes;problem"
    assert rows.splitlines()[1].startswith("no address;Hugo;;;;E-Mail: ")
    assert len(rows.splitlines()) == 2
    with time_machine.travel(T0 + timedelta(minutes=1), tick=False):
        bring(ada, rows.replace("no address", "hugo@mail.test"), like=str(first.id))
        ada.post(page("import-confirm"))
        take_in(world.shop, T0 + timedelta(minutes=1))
    hugo = Contact.objects.get(shop=world.shop, email="hugo@mail.test")
    assert (hugo.first_name, newest().wrong, newest().id != first.id) == ("Hugo", 0, True)
    # A fortnight after, rows can't be taken from the file any more: it is let go with the next one.
    with time_machine.travel(T0 + timedelta(days=15), tick=False):
        bring(ada, "email\nzoe@mail.test\n")
    assert FilePiece.objects.filter(shop=world.shop).count() == 1


def test_consent_is_taken_with_its_proof_alone(world, ada):
    bring(ada)
    for field, said in (
        ("agreed", []), ("agreed_on", "2027-01-01"), ("agreed_where", ""), ("agreed_text", " "),
    ):  # fmt: skip
        refused = ada.post(page("import-columns"), {**CHOSEN, **PROVEN, field: said})
        assert refused.status_code == 422
        assert markup(refused).count('class="problem" role="alert"') == 1, field
    columns = {**CHOSEN, **PROVEN, "column-4": "email_consent"}
    assert ada.post(page("import-columns"), columns).status_code == 302
    assert "Proof that is kept with each of them: 2026-10-01, Vinitaly" in text_of(
        ada.get(page("import-confirm"))
    )
    ada.post(page("import-confirm"))
    take_in(world.shop)
    said = ConsentWord.objects.filter(shop=world.shop, key="email:gina@mail.test").get()
    assert (said.state, said.source, said.text) == ("granted", "Vinitaly", "Yes, send me offers.")
    assert f"{said.at:%Y-%m-%d %H:%M}" == "2026-09-30 22:00"
    # Her own no in the file is stronger than the word about all of them.
    ines = Contact.objects.get(shop=world.shop, email="ines@mail.test")
    assert ines.consent_email == "denied"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"column-1": ""}, "Choose the column that holds: E-mail / Phone / Customer number"),
        ({"column-2": "email"}, "Two columns hold “E-mail”: choose one."),
    ],
)
def test_columns_that_make_no_sense_are_told(change, told, world, ada):
    bring(ada)
    refused = ada.post(page("import-columns"), {**CHOSEN, "column-3": "", **change})
    assert refused.status_code == 422
    assert told in text_of(refused)


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("", {}, "The file is empty."),
        ("PK\x03\x04rest", {}, "is a spreadsheet"),
        ("a;b\n1;2\n", {"kind": "letters"}, "What is in the file?"),
    ],
)
def test_what_is_no_table_is_not_kept(text, more, told, world, ada):
    answer = bring(ada, text, **more)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not FileImport.objects.filter(shop=world.shop).exists()


def test_the_same_file_goes_on_where_it_stands(world, ada):
    bring(ada)
    one = newest()
    operations.start(one, T0)
    assert ada.post(page("import-stop")).status_code == 302
    answer = bring(ada)
    assert answer.headers["Location"] == page("import")
    assert FileImport.objects.filter(shop=world.shop).count() == 1
    assert "Stopped. What was taken in stays; it goes on from here." in text_of(
        ada.get(page("import"))
    )
    ada.post(page("import-resume"))
    assert newest().state == "running"


def test_a_named_mapping_says_what_is_in_the_file(world, ada):
    text = "Email,First Name,Email Marketing Consent\nkim@mail.test,Kim,NEVER_SUBSCRIBED\n"
    bring(ada, text, mapping="klaviyo-contacts", kind="orders")
    assert (newest().kind, newest().mapping) == ("contacts", "klaviyo-contacts")
    seen = markup(ada.get(page("import-columns")))
    assert re.findall(r'value="(\w+)" selected', seen)[:3] == [
        "email",
        "first_name",
        "email_consent",
    ]
    ada.post(page("import-columns"), {**CHOSEN, "column-3": "email_consent", "delimiter": ","})
    assert newest().manner["states"]["subscribed"] == "granted"
    assert ada.get(page("import-confirm")).status_code == 200
