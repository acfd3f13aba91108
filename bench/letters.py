"""Stage 9: letters from due to a batch in a print folder, recorded, against typst alone.

Workload: reminders by letter, due at once, a cart of three rows and a QR code in each; one person in eight
has said no. Each that goes is decided, composed, laid out on DIN 5008 form B, cut into a PDF of its own,
kept, priced, put into a folder as one file with its list, and its fate recorded. The limit is typst's own
time for as many letters of the same kind, laid out as ours are, in one run, nothing done with the pages.
Slices take turns; the figure is the median ratio.
"""

import io
import json
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf

SLICES = 5
LETTERS = 400  # due in a slice
START = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SCENARIO = """\
version: 1
name: By letter
legal_basis: consent
sender: {name: Bench, email: bench@shop.test}
steps:
  - {id: first, after: 0h, send: [letter], template: reminder}
"""
ITEMS = [
    {
        "product": f"p{n}", "variant": "75 cl", "title": f"Barolo DOCG 20{n:02}", "quantity": n,
        "unit_minor": 2990, "image_url": "", "url": "",
    }
    for n in (1, 2, 3)
]  # fmt: skip


def run(stage: int) -> dict:
    """Measure stage 9 on a throw-away database and a throw-away folder."""
    from bench.frame import shop_database

    with shop_database() as shop_id, tempfile.TemporaryDirectory() as folder:
        return {"stage": stage, **_measure(shop_id, Path(folder))}


def _measure(shop_id: int, folder: Path) -> dict:
    from ripresa.domain.shops.models import Shop
    from ripresa.usecases.scenarios import activate_scenario
    from ripresa.usecases.scenarios.publish_scenario import publish_scenario

    Shop.objects.filter(id=shop_id).update(name="Enoteca", address="Via Po 2\n10121 Torino")
    published = publish_scenario(shop_id=shop_id, text=SCENARIO, file_name="bench", now=START)
    activate_scenario.activate(shop_id=shop_id, scenario_id=published.scenario_id, now=START)
    post = _post(folder)
    ours, limits, due = [], [], 0
    for number in range(SLICES + 1):
        now = START + (number + 2) * DAY
        due += _leave(shop_id, number, now)
        other = _typst_alone(number)
        mine = _letters_a_second(shop_id, post, now)
        if number:  # the first slice warms up
            ours.append(mine)
            limits.append(other)
    ratios = [mine / other for mine, other in zip(ours, limits, strict=True)]
    return {
        "workload": "letters: decided, set, cut, kept, in one file a batch, recorded",
        "ours_per_second": round(statistics.median(ours)),
        "limit": "typst alone, one run, the same pages",
        "limit_per_second": round(statistics.median(limits)),
        "ratio": round(statistics.median(ratios), 3),
        "spread": round((max(ratios) - min(ratios)) / statistics.median(ratios), 2),
        "goal": 0.75,
        "truth": _truth(shop_id, folder, due),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _post(folder: Path):
    from ripresa.channels.print_folder.provider import PROVIDER
    from ripresa.channels.recording.channel import RecordingChannel
    from ripresa.contracts.channel import Channels
    from ripresa.domain.messages.links import Letterhead
    from ripresa.usecases.send_messages import Post

    settings = PROVIDER.complete({"folder": str(folder), "page_cost": "0.04", "postage": "0.95"})
    channels = Channels(RecordingChannel(), RecordingChannel(), PROVIDER.open(settings))
    return Post(channels, Letterhead("https://mail.bench.test", "a secret of the bench"))


def _leave(shop_id: int, slice_number: int, now: datetime) -> int:
    """As many people as a slice has leave a cart a day before; how many of them get a letter."""
    from ripresa.core.ids import new_id
    from ripresa.domain.carts.models import Cart
    from ripresa.domain.contacts.models import Contact
    from ripresa.usecases.advance_carts import advance_carts
    from ripresa.usecases.take_up_recoveries import take_up_recoveries

    left, people, carts = now - DAY, [], []
    for number in range(LETTERS):
        person = new_id(left)
        address = {
            "name": f"Ada Rossi {slice_number} {number}", "lines": [f"Via Roma {number + 1}"],
            "postal_code": "00184", "city": "Roma", "region": "RM", "country": "IT",
        }  # fmt: skip
        people.append(
            Contact(
                shop_id=shop_id, id=person, address=address, reachable_at=left, created_at=left,
                first_name=f"Ada{number}", consent_letter="denied" if number % 8 == 1 else "granted",
            )
        )  # fmt: skip
        carts.append(
            Cart(
                shop_id=shop_id, id=new_id(left), source="shop", token=f"t{slice_number}-{number}",
                generation=1, contact_id=person, state="open", kind="cart", currency="EUR",
                total_minor=17_940, item_count=6, items=ITEMS, is_bot=False, is_test=False,
                begun_at=left, left_at=left, newest_at=left, newest_event="e", reachable_at=left,
                due_at=left + timedelta(hours=1),
            )
        )  # fmt: skip
    Contact.objects.bulk_create(people, batch_size=2000)
    Cart.objects.bulk_create(carts, batch_size=2000)
    while advance_carts(shop_id=shop_id, now=now):
        pass
    while take_up_recoveries(shop_id=shop_id, now=now):
        pass
    return LETTERS - len(range(1, LETTERS, 8))


def _letters_a_second(shop_id: int, post, now: datetime) -> float:
    from ripresa.usecases.send_messages import send_due

    before, began = _sent(shop_id), time.perf_counter()
    while send_due(shop_id=shop_id, post=post, now=now + timedelta(minutes=1), seconds=5.0):
        pass
    return (_sent(shop_id) - before) / (time.perf_counter() - began)


def _typst_alone(slice_number: int) -> float:
    from ripresa.contracts.letters.windows import DIN_B
    from ripresa.domain.templates.letters import setting

    sheets = [_sheet(slice_number, number) for number in range(LETTERS)]
    stationery = setting.Stationery(DIN_B, ("Enoteca", "Via Po 2", "10121 Torino"))
    with setting.Typesetter(stationery) as typesetter:
        batch = typesetter.as_data(sheets, [1] * LETTERS)
        began = time.perf_counter()
        typesetter.run(batch)
        return LETTERS / (time.perf_counter() - began)


def _sheet(slice_number: int, number: int):
    from ripresa.core.money import Money
    from ripresa.domain.templates.context import (
        CartFields,
        ItemFields,
        LinkFields,
        MergeFields,
        PersonFields,
        ShopFields,
        build_context,
    )
    from ripresa.domain.templates.letters.setting import Sheet
    from ripresa.domain.templates.render import render_preset

    items = tuple(
        ItemFields(one["title"], one["quantity"], Money(one["unit_minor"], "EUR"), one["variant"])
        for one in ITEMS
    )
    link = f"https://mail.bench.test/s/1x{slice_number}{number:08}"
    fields = MergeFields(
        PersonFields("", f"Ada{number}"),
        CartFields(items, Money(17_940, "EUR")),
        LinkFields(link, link, link),
        ShopFields("Enoteca", "", "Via Po 2, 10121 Torino"),
    )
    letter = render_preset("reminder", "letter", "en", build_context(fields, "en")).letter
    to = (f"Ada Bianchi {slice_number} {number}", f"Via Roma {number + 1}", "00184 ROMA RM")
    return Sheet(letter, to, "October 7, 2026", "7K2QX-9MTB4")


def _sent(shop_id: int) -> int:
    from ripresa.domain.messages.models import Message

    return Message.objects.filter(shop_id=shop_id, state="sent").count()


def _truth(shop_id: int, folder: Path, due: int) -> str:
    """Sent rows are letters in the folder, each once and each a page; who said no has none."""
    from ripresa.domain.messages.models import Message, MessageLetter

    sent = _sent(shop_id)
    lists = [json.loads(path.read_bytes())["letters"] for path in folder.glob("*.json")]
    keys = [row["key"] for rows in lists for row in rows]
    pages = 0
    for path in folder.glob("*.pdf"):
        with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
            pages += len(pdf.pages)
    kept = MessageLetter.objects.filter(shop_id=shop_id).count()
    if not sent == due == len(keys) == len(set(keys)) == pages == kept:
        return f"failed: {due} due, {sent} sent, {len(keys)} listed, {pages} pages, {kept} kept"
    priced = Message.objects.filter(shop_id=shop_id, state="sent", cost_minor=99).count()
    return "ok" if priced == sent else f"failed: {priced} of {sent} with their price"
