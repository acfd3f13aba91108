"""Accounts with providers over the API, and what was heard that fits nothing. No secret is ever shown."""

import base64
import json

import pytest
from typer.testing import CliRunner

from ripresa.domain.providers.models import ProviderCall
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.app import app


def test_an_account_is_shown_held_and_used_and_its_secret_never(rows, ada):
    path = f"/providers/{rows['account_id']}"
    told = ada.get(path)
    assert told.json() in ada.pages("/providers")
    assert (told.json()["settings"], told.json()["in_use"]) == ({"sender": "Wines"}, True)
    assert b"secret" not in told.content
    assert b"/hooks/" not in told.content
    held = ada.post(f"{path}/pause", {"reason": "no credit"}).json()
    assert (held["paused_at"] is not None, held["paused_reason"]) == (True, "no credit")
    assert ada.post(f"{path}/resume", {}).json()["paused_at"] is None
    assert ada.post(f"{path}/use", {}).json()["in_use"] is True


def test_what_fits_nothing_is_listed_page_by_page(rows, ada):
    call = ProviderCall.objects.get(refused_at__isnull=False)
    for number in range(3):
        call.pk = (call.shop_id, call.id.__class__(int=call.id.int + number + 1))
        call.id = call.pk[1]
        call.save(force_insert=True)
    listed = list(ada.pages("/refused-calls", limit=2))
    assert [one["detail"] for one in listed] == ["it is not signed"] * 4
    assert len({one["id"] for one in listed}) == 4
    assert listed[0]["size"] == len("MsgId=1")
    (stray,) = [one for one in ada.pages("/unmatched-feedback") if one["channel"] == "sms"]
    assert stray["recipient"] == "+393330000001"
    (mail,) = ada.pages("/unmatched-mails")
    whole = ada.get(f"/unmatched-mails/{mail['id']}").json()
    assert whole["raw"].endswith("Hello?")
    assert "raw" not in mail


def test_another_shop_sees_nothing_of_it(rows, dan):
    for path in ("/providers", "/refused-calls", "/unmatched-feedback", "/unmatched-mails"):
        assert list(dan.pages(path)) == []
    assert dan.get(f"/providers/{rows['account_id']}").status_code == 404
    assert dan.get(f"/unmatched-mails/{rows['mail_id']}").status_code == 404


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("provider", "refused"), "it is not signed"),
        (("provider", "unmatched"), "+393330000001"),
        (("bounce", "unmatched"), "who@mail.test"),
    ],
)
def test_the_commands_tell_the_same(words, said, rows, world, monkeypatch):
    monkeypatch.setattr(home, "ready", pytest.MonkeyPatch.context)
    plain = CliRunner().invoke(app, [*words, "--shop", world.shop.slug])
    assert said in plain.output
    told = CliRunner().invoke(app, [*words, "--shop", world.shop.slug, "--json"])
    assert said in json.dumps(json.loads(told.stdout)["items"])


def test_a_letter_is_shown_as_pdf_and_its_mistakes_by_line(rows, ada):
    told = ada.post("/letters/preview", {"template": "reminder", "language": "ro"}).json()
    assert base64.b64decode(told["pdf"]).startswith(b"%PDF-")
    assert (told["template"], told["language"]) == ("reminder", "ro")
    for asked, words in (
        ({"template": "nosuch"}, "nosuch"),
        ({"source": "subject: Ciao\nblocks:\n  - text: '{{ nosuch }}'\n"}, "nosuch"),
        ({"scenario": "nosuch"}, "there is no scenario"),
    ):
        refused = ada.post("/letters/preview", asked)
        assert refused.status_code == 422
        assert words in refused.json()["detail"]
