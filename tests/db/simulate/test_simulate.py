"""What `ripresa simulate` promises beyond the lines themselves (contracts/scenario.md)."""

import json
import random
from datetime import UTC, datetime
from threading import Event
from time import sleep

import pytest

from ripresa.domain.scenarios import operations as scenarios
from ripresa.usecases import due_work
from ripresa.usecases.simulate.run import simulate
from tests.db.simulate.comparison import lines_of, run_product, wish
from tests.oracle.generate import generate
from tests.oracle.generate_scenario import generate_scenario

ITEMS = [{"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "29.90"}]
ADA = {"email": "ada@people.test", "consent": {"email": "granted"}}


def cart(number, at, **changes):
    return {
        "id": f"e{number}",
        "type": "cart.updated",
        "occurred_at": at,
        "contact": ADA,
        "cart": {"token": "t1", "currency": "EUR", "items": ITEMS},
        **changes,
    }


def write(folder, events):
    file = folder / "events.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in events))
    return file


def sent(messages):
    return [(line["at"], line["step"]) for line in messages if line["outcome"] == "sent"]


@pytest.mark.django_db(transaction=True)
def test_three_reminders_leave_on_the_minute_and_say_what_they_are(tmp_path):
    events = write(tmp_path, [cart(1, "2026-10-03T15:02:11Z")])
    messages, carts = run_product(wish(events, tmp_path / "out", None))
    assert sent(messages) == [
        ("2026-10-04T15:02:11.000Z", "first"),
        ("2026-10-06T15:02:11.000Z", "second"),
        ("2026-10-11T15:02:11.000Z", "third"),
    ]
    assert all(line["to"] == "ada@people.test" and line["subject"] for line in messages)
    assert carts[0]["state"] == "expired"
    assert carts[0]["abandoned_at"] == ["2026-10-04T15:02:11.000Z"]


@pytest.mark.django_db(transaction=True)
def test_an_order_a_millisecond_before_the_hand_over_stops_the_mail(tmp_path):
    order = {
        "id": "e2",
        "type": "order.placed",
        "occurred_at": "2026-10-04T15:02:10.999Z",
        "order": {"id": "o1", "currency": "EUR", "total": "29.90", "cart_token": "t1"},
    }
    events = write(tmp_path, [cart(1, "2026-10-03T15:02:11Z"), order])
    messages, carts = run_product(wish(events, tmp_path / "out", None))
    assert messages == []
    assert carts[0]["state"] == "ordered"


@pytest.mark.django_db(transaction=True)
def test_the_same_events_give_the_same_bytes_however_shuffled_or_repeated(tmp_path):
    events = generate(5, 40)
    again = events + random.Random(1).sample(events, 10)
    random.Random(2).shuffle(again)
    files = []
    for number, some in enumerate((events, again)):
        folder = tmp_path / str(number)
        folder.mkdir()
        run_product(wish(write(folder, some), folder, None))
        files.append([(folder / name).read_bytes() for name in ("messages.jsonl", "carts.jsonl")])
    assert files[0] == files[1]


@pytest.mark.django_db(transaction=True)
# In 115 and 116 something that is learnt later takes back, for the past, what was done at the time.
@pytest.mark.parametrize("seed", [8, 115, 116])
def test_the_number_of_workers_changes_no_byte(seed, tmp_path):
    events = write(tmp_path, generate(seed, 40))
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(generate_scenario(seed))
    files = []
    for workers in (1, 3):
        folder = tmp_path / str(workers)
        # Not inside a transaction: workers have connections of their own.
        simulate(wish(events, folder, scenario, workers=workers), began=0.0, tick=lambda _: None)
        _clear()
        files.append([(folder / name).read_bytes() for name in ("messages.jsonl", "carts.jsonl")])
    assert files[0] == files[1]
    assert files[0][0]


@pytest.mark.django_db(transaction=True)
def test_nobody_sends_while_another_worker_has_not_taken_all_up(tmp_path, monkeypatch):
    """A second cart falls due with a message about the first: that plan is dropped, whoever is faster."""
    t2 = {"token": "t2", "currency": "EUR", "items": ITEMS}
    events = write(
        tmp_path, [cart(1, "2026-10-03T15:02:11Z"), cart(2, "2026-10-05T15:02:11Z", cart=t2)]
    )
    others_are_on, begin = Event(), scenarios.begin
    take_up, send = due_work.take_up_recoveries, due_work.send_due

    def hesitate(**asked):
        """Between finding a cart abandoned and saying so."""
        begin(**asked)
        others_are_on.wait(1)

    def take_up_slowly(**asked):
        sleep(0.3)
        return take_up(**asked)

    def told_to_send(**asked):
        others_are_on.set()
        sleep(0.1)
        return send(**asked)

    monkeypatch.setattr(scenarios, "begin", hesitate)
    monkeypatch.setattr(due_work, "take_up_recoveries", take_up_slowly)
    monkeypatch.setattr(due_work, "send_due", told_to_send)
    asked = wish(events, tmp_path / "out", None, workers=2)
    simulate(asked, began=0.0, tick=lambda _: others_are_on.clear())
    _clear()
    messages = lines_of(tmp_path / "out" / "messages.jsonl")
    ends = {line["reason"] for line in messages if (line["cart"], line["step"]) == ("t1", "second")}
    assert ends == {"superseded"}


@pytest.mark.django_db(transaction=True)
def test_until_stops_the_clock_and_that_instant_is_in(tmp_path):
    events = write(tmp_path, [cart(1, "2026-10-03T15:02:11Z")])
    until = datetime(2026, 10, 4, 15, 2, 11, tzinfo=UTC)
    messages, carts = run_product(wish(events, tmp_path / "out", None, until=until))
    assert sent(messages) == [("2026-10-04T15:02:11.000Z", "first")]
    assert carts[0]["state"] == "abandoned"


@pytest.mark.django_db(transaction=True)
def test_from_leaves_what_was_abandoned_before_alone(tmp_path):
    events = write(
        tmp_path,
        [
            cart(1, "2026-10-03T15:00:00Z"),
            cart(
                2,
                "2026-10-08T15:00:00Z",
                contact={**ADA, "email": "ben@people.test"},
                cart={"token": "t2", "currency": "EUR", "items": ITEMS},
            ),
        ],
    )
    since = datetime(2026, 10, 8, tzinfo=UTC)
    messages, _ = run_product(wish(events, tmp_path / "out", None, since=since))
    assert {line["cart"] for line in messages if line["outcome"] == "sent"} == {"t2"}


@pytest.mark.django_db(transaction=True)
def test_any_consent_asks_for_none_but_respects_a_refusal(tmp_path):
    silent = {"email": "silent@people.test"}
    refusing = {"email": "no@people.test", "consent": {"email": "denied"}}
    events = write(
        tmp_path,
        [
            cart(1, "2026-10-03T15:00:00Z", contact=silent),
            cart(
                2,
                "2026-10-03T15:00:00Z",
                contact=refusing,
                cart={"token": "t2", "currency": "EUR", "items": ITEMS},
            ),
        ],
    )
    recorded, _ = run_product(wish(events, tmp_path / "recorded", None))
    assert {(line["outcome"], line["reason"]) for line in recorded} == {("skipped", "no_consent")}
    anybody, _ = run_product(wish(events, tmp_path / "any", None, any_consent=True))
    assert {line["to"] for line in anybody if line["outcome"] == "sent"} == {"silent@people.test"}


@pytest.mark.django_db(transaction=True)
def test_bad_lines_are_counted_and_told_and_take_no_neighbour_down(tmp_path):
    file = tmp_path / "events.jsonl"
    good = json.dumps(cart(1, "2026-10-03T15:02:11Z"))
    file.write_text(f'{good}\n{{"id": "e2"}}\nnot json\n{good}\n')
    asked = wish(file, tmp_path / "out", None)
    messages, _ = run_product(asked)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert len(sent(messages)) == 3
    assert (summary["events"]["accepted"], summary["events"]["duplicates"]) == (1, 1)
    assert [problem["line"] for problem in summary["events"]["problems"]] == [2, 3]


def _clear():
    """Empty the tables between two runs on one database."""
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
