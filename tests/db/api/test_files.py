"""CUS-4 and RPT-7 by programs: files taken in, tables told."""

import csv
from io import StringIO

from ripresa.domain.contacts.models import Contact
from ripresa.usecases.files.taking import FileTaker
from ripresa.usecases.fold_events import fold_shop
from tests.rows import T0

ROWS = b"email;first name\nflora@mail.test;Flora\nnobody;Guido\n"
MORE = b"greta@mail.test;=Greta()\n"


def table(answer):
    return list(csv.DictReader(StringIO(answer.content.decode())))


def test_a_file_comes_in_pieces_is_looked_at_and_taken_in(world, ada, dan):
    made = ada.post("/imports", {"kind": "contacts", "name": "people.csv", "zone": "Europe/Rome"})
    path = f"/imports/{made.json()['id']}"
    assert ada.post(f"{path}/start").status_code == 409
    assert ada.send("put", f"{path}/pieces/1", MORE, kind="text/csv").status_code == 409
    for number, piece in enumerate((ROWS, MORE)):
        for _ in range(2):
            sent = ada.send(
                "put", f"{path}/pieces/{number}", piece, kind="application/octet-stream"
            )
    assert sent.json()["size"] == len(ROWS + MORE)
    assert dan.get(path).status_code == 404
    seen = ada.get(f"{path}/preview").json()
    assert (seen["good"], seen["wrong"], seen["whole_file"]) == (2, 1, True)
    assert seen["columns"] == {"email": "email", "first_name": "first name"}
    assert ada.post(f"{path}/start").json()["state"] == "running"
    taker = FileTaker()
    while taker.take_due(shop_id=world.shop.id, now=T0):
        pass
    told = ada.get(path).json()
    assert (told["state"], told["good"], told["wrong"], told["fresh"]) == ("done", 2, 1, 2)
    assert [row["column"] for row in table(ada.get(f"{path}/errors"))] == ["email"]
    assert ada.send("put", f"{path}/pieces/2", MORE, kind="text/csv").status_code == 409
    assert ada.get("/imports").json()["items"][0]["id"] == made.json()["id"]
    fold_shop(shop_id=world.shop.id, now=T0)
    assert Contact.objects.filter(shop=world.shop, email="flora@mail.test").exists()
    people = {row["email"]: row for row in table(ada.get("/exports", kind="contacts"))}
    assert people["greta@mail.test"]["first_name"] == "'=Greta()"


def test_a_file_that_says_nothing_fails_under_its_own_name(world, ada):
    made = ada.post("/imports", {"kind": "contacts", "name": "people.csv"}).json()
    path = f"/imports/{made['id']}"
    ada.send("put", f"{path}/pieces/0", b"PK\x03\x04rest", kind="application/octet-stream")
    assert "people.csv is a spreadsheet" in ada.get(f"{path}/preview").json()["detail"]
    ada.post(f"{path}/start")
    FileTaker().take_due(shop_id=world.shop.id, now=T0)
    told = ada.get(path).json()
    assert (told["state"], told["trouble"][:25]) == ("failed", "people.csv is a spreadshe")


def test_what_makes_no_sense_is_refused(world, ada):
    made = {"kind": "contacts", "name": "people.csv"}
    assert ada.post("/imports", {**made, "zone": "Rome"}).status_code == 422
    assert ada.post("/imports", {**made, "mapping": "none"}).status_code == 422
    assert ada.post("/imports", {**made, "mapping": "/etc/hosts.toml"}).status_code == 422
    assert ada.post("/imports", {**made, "kind": "letters"}).status_code == 422


def test_every_table_is_told_exactly_and_of_this_shop_alone(world, ada, dan):
    orders = table(ada.get("/exports", kind="orders"))
    assert {(row["total"], row["currency"]) for row in orders} >= {("120.00", "USD")}
    [cart] = [
        row
        for row in table(ada.get("/exports", kind="carts"))
        if row["id"] == str(world.ben_cart.id)
    ]
    assert (cart["email"], cart["state"]) == ("ben@mail.test", world.ben_cart.state)
    messages = {row["id"] for row in table(ada.get("/exports", kind="messages"))}
    assert str(world.sent.id) in messages
    for kind in ("contacts", "carts", "orders", "messages"):
        ours = {row["id"] for row in table(ada.get("/exports", kind=kind))}
        assert not ours & {row["id"] for row in table(dan.get("/exports", kind=kind))}
