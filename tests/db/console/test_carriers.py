"""Senders, channels and webhooks: kept, held, tried, told again; secrets shown once at most."""

import re

from django.urls import reverse

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.messages.models import Sender
from ripresa.domain.providers.models import ProviderAccount
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.entrypoints.registry import PROVIDERS
from ripresa.usecases.providers.provider_accounts import Accounts
from tests.db.console.pages import text_of
from tests.smtp_sink import SinkServer
from tests.worlds.carriers import account_of, endpoint_of


def address(room: str, *ids: object) -> str:
    return reverse(room, args=["wines", *ids])


class TestSenders:
    def test_are_kept_held_resumed_and_removed(self, world, ada):
        page = address("settings-senders")
        new = {"name": "Enoteca", "email": "enoteca@wines.test", "reply_to": ""}
        assert "Enoteca" in text_of(ada.post(page, new, follow=True))
        assert ada.post(page, new).status_code == 422
        assert ada.post(page, new | {"email": "x"}).status_code == 422
        made = Sender.objects.get(shop=world.shop, email="enoteca@wines.test")
        one = address("settings-sender", made.id)
        ada.post(one, {"do": "change", "name": "Cantina", "reply_to": "ada@wines.test"})
        ada.post(one, {"do": "pause"})
        made.refresh_from_db()
        assert (made.name, made.reply_to, made.paused_reason) == (
            "Cantina",
            "ada@wines.test",
            "held by hand",
        )
        ada.post(one, {"do": "resume"})
        made.refresh_from_db()
        assert made.paused_at is None
        ada.post(one, {"do": "remove"})
        assert not Sender.objects.filter(shop=world.shop, id=made.id).exists()
        told = AuditEntry.objects.filter(shop=world.shop, subject_kind="sender")
        assert set(told.values_list("action", flat=True)) == {
            "created", "changed", "paused", "resumed", "removed",
        }  # fmt: skip

    def test_a_domain_for_examples_asks_nobody(self, world, ada):
        page = text_of(ada.get(address("settings-senders"), {"check": "yes"}))
        assert "wines.test is a name for examples" in page


class TestChannels:
    def test_an_account_is_added_tried_and_forgotten_and_no_secret_is_shown(self, world, ada):
        with SinkServer() as sink:
            new = address("settings-channel-new", "smtp")
            missing = ada.post(new, {"url": ""})
            assert missing.status_code == 422
            url = sink.url
            added = ada.post(new, {"url": url, "name": "post"}, follow=True)
            assert "post carries what the shop sends" in text_of(added)
            assert sink.url.encode() not in added.content
            kept = ProviderAccount.objects.get(shop=world.shop, name="post")
            do = address("settings-channel-do", kept.id)
            assert "It works:" in text_of(ada.post(do, {"do": "try"}, follow=True))
            ada.cookies["django_language"] = "de"
            tried = text_of(ada.post(do, {"do": "try"}, follow=True))
            assert re.search(r"127\.0\.0\.1:\d+ antwortet", tried)
            ada.cookies["django_language"] = "en"
            sent = ada.post(address("settings-sender-test"), follow=True)
            assert "on its way to ada@wines.test" in text_of(sent)
            assert len(sink.wait_for(1)) == 1
        ada.post(do, {"do": "pause"})
        kept.refresh_from_db()
        assert kept.paused_at is not None
        ada.post(do, {"do": "resume"})
        ada.post(do, {"do": "remove"})
        assert ProviderAccount.objects.filter(
            shop=world.shop
        ).exists()  # nobody said that she is sure
        ada.post(do, {"do": "remove", "sure": "yes"})
        assert not ProviderAccount.objects.filter(shop=world.shop).exists()

    def test_a_setting_is_changed_and_a_secret_left_empty_stays(self, world, ada):
        kept = account_of(world)
        page = address("settings-channel", kept.id)
        answer = ada.post(page, {"dkim_domain": "wines.test", "dkim_selector": "", "url": ""})
        assert answer.status_code == 422  # a domain without its key is nothing
        answer = ada.post(page, {"dkim_domain": "", "dkim_selector": "", "url": ""})
        assert answer.status_code == 302
        assert Accounts(PROVIDERS).settings_of(kept)["url"] == "smtp://ada:s3cret@127.0.0.1:9"

    def test_no_provider_of_that_name(self, world, ada):
        assert ada.get(address("settings-channel-new", "pigeon")).status_code == 404


class TestWebhooks:
    def test_the_secret_is_shown_once(self, world, ada):
        page = address("settings-webhooks")
        made = ada.post(
            page, {"name": "crm", "url": "https://crm.wines.example/x", "types": ["order.*"]}
        )
        secret = re.search(r"whsec_[A-Za-z0-9+/=]+", made.content.decode())
        assert secret is not None
        assert secret[0] not in ada.get(page).content.decode()
        kept = WebhookEndpoint.objects.get(shop=world.shop, name="crm")
        assert kept.patterns == ["order.*"]
        do = address("settings-webhook-do", kept.id)
        assert b"whsec_" in ada.post(do, {"do": "rotate"}).content
        assert ada.post(page, {"name": "crm", "url": "https://x.example/"}).status_code == 422
        assert ada.post(page, {"name": "y", "url": "http://x.example/"}).status_code == 422

    def test_is_held_tried_and_told_again(self, world, ada):
        kept = endpoint_of(world)
        page, do = address("settings-webhook", kept.id), address("settings-webhook-do", kept.id)
        assert "webhook.test" in text_of(ada.get(page))
        ada.post(do, {"do": "pause"})
        kept.refresh_from_db()
        assert kept.state == "paused"
        ada.post(do, {"do": "resume"})
        ada.post(do, {"do": "test"})
        assert text_of(ada.get(page)).count("webhook.test") == 2
        assert "not kept any more" in text_of(ada.post(do, {"do": "replay"}, follow=True))
        ada.post(do, {"do": "remove", "sure": "yes"})
        assert not WebhookEndpoint.objects.filter(shop=world.shop).exists()
