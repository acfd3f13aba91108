"""Notices to agents: what is posted, what each answer means, and what happens to those that nobody took."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripresa.channels.slack.blocks import payload_of as for_slack
from ripresa.channels.teams.card import payload_of as for_teams
from ripresa.contracts.channel import Accepted, Mailbox, RefusalKind, Refused, Unknown
from ripresa.contracts.provider import BadSettings
from ripresa.core.http.signing import is_standard_webhook
from ripresa.usecases.agents.notices import NoticeOrMail, notice_of
from tests.mails import an_email
from tests.notices import NOTICE_PROVIDERS, SECRET, open_notices, settings_for
from tests.outgoing import a_notice
from tests.scripted_http import DROP, HANG, Said, ScriptedApi

LONG_ENOUGH = timedelta(minutes=1)
HOSTILE = "Ben <!channel> & *bold* [click](https://evil.example) <https://evil.example|here> @here"


def post(name, answer, *notices, timeout=LONG_ENOUGH):
    with ScriptedApi(answer) as api:
        channel = open_notices(name, api.url)
        fates = channel.send(notices or [a_notice(1)], timeout=timeout)
        channel.close()
    return fates, api.heard


@pytest.mark.parametrize("name", NOTICE_PROVIDERS)
@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (Said(200, "ok"), Accepted), (Said(202), Accepted), (Said(204), Accepted),
        (Said(429), (False, RefusalKind.OTHER)), (Said(503), (False, RefusalKind.OTHER)),
        (Said(400, "invalid_payload"), (True, RefusalKind.OTHER)),
        (Said(403, "action_prohibited"), (False, RefusalKind.POLICY)),
        (Said(404, "no_service"), (False, RefusalKind.POLICY)),
        (Said(410, "channel_is_archived"), (False, RefusalKind.POLICY)),
        (Said(302, headers={"location": "https://evil.example"}), (False, RefusalKind.POLICY)),
        (Said(500), Unknown), (DROP, Unknown),
    ],
)  # fmt: skip
def test_every_answer_has_its_meaning_and_none_shows_the_address(name, answer, fate):
    [found], heard = post(name, lambda _: answer)
    assert len(heard) == 1
    if isinstance(fate, tuple):
        assert (found.permanent, found.kind) == fate
    else:
        assert isinstance(found, fate)
    assert "/services/" not in str(found)


def test_slack_gets_blocks_with_a_text_to_fall_back_on_and_nobody_is_called_by_a_customer():
    _, [call] = post("slack", lambda _: Said(200, "ok"), a_notice(1, text=HOSTILE))
    assert call.json == for_slack(a_notice(1, text=HOSTILE))
    assert call.json["text"].endswith("(Sara)")
    written = json.dumps(call.json["blocks"])
    assert "<" not in written
    assert "&lt;!channel&gt;" in written
    assert call.json["unfurl_links"] is False


def test_teams_gets_a_card_in_which_a_customers_words_stay_words():
    _, [call] = post("teams", lambda _: Said(202), a_notice(1, text=HOSTILE))
    [attachment] = call.json["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert "[click](" not in json.dumps(card)
    assert all(one["wrap"] for one in card["body"])


def test_a_program_of_ones_own_gets_a_signed_call_with_one_id_for_one_notice():
    _, calls = post("signed_webhook", lambda _: Said(200), a_notice(7), a_notice(7))
    now = datetime.now(UTC)
    for call in calls:
        assert is_standard_webhook(call.body, SECRET, call.headers, now=now)
    assert {call.headers["webhook-id"] for call in calls} == {"n7"}
    assert calls[0].json["type"] == "agent.notice"
    assert calls[0].json["data"]["agent"] == {"name": "Sara", "email": "sara@shop.example"}


@settings(max_examples=30)
@given(st.text(max_size=40_000), st.text(max_size=400), st.text(max_size=300))
def test_whatever_is_said_stays_within_the_limits(text, subject, name):
    said = a_notice(1, text=text, subject=subject, recipient=Mailbox(name, "a@b.example"))
    slack = for_slack(said)
    assert len(slack["blocks"]) <= 50
    assert all(len(one["text"]["text"]) <= 3000 for one in slack["blocks"][:-1])
    assert len(slack["blocks"][0]["text"]["text"]) <= 150
    assert len(json.dumps(for_teams(said), ensure_ascii=False).encode()) <= 28_000


@pytest.mark.parametrize(
    ("name", "url", "word"),
    [
        ("slack", "https://evil.example/services/T/B/x", "leads elsewhere"),
        ("slack", "http://hooks.slack.com/services/T/B/x", "https"),
        ("slack", "https://hooks.slack.com.evil.example/x", "leads elsewhere"),
        ("slack", "not an address", "no web address"),
        ("teams", "https://wines.webhook.office.com/webhookb2/x", "Microsoft ended"),
        ("teams", "https://evil.example/workflows/x", "leads elsewhere"),
        ("teams", "https://[::1", "no web address"),
        ("signed_webhook", "http://crm.example/x", "https"),
        ("signed_webhook", "https://me:word@crm.example/x", "no web address"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_without_showing_it(name, url, word):
    with pytest.raises(BadSettings, match=word) as refused:
        NOTICE_PROVIDERS[name].open({**settings_for(name, "https://x.example"), "url": url})
    assert url not in str(refused.value)


@pytest.mark.parametrize("url", ["https://prod-1.westeurope.logic.azure.com/w?sig=x",
                                 "https://a.b.environment.api.powerplatform.com:443/x?sig=y"])  # fmt: skip
def test_teams_has_its_workflows_at_several_hosts(url):
    NOTICE_PROVIDERS["teams"].open(
        {**settings_for("teams", "https://x.example"), "url": url}
    ).close()


@pytest.mark.parametrize("secret", ["", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_###"])
def test_a_secret_that_signs_nothing_is_refused(secret):
    given = settings_for("signed_webhook", "https://x.example") | {"secret": secret}
    with pytest.raises(BadSettings, match="24 to 64 random bytes"):
        NOTICE_PROVIDERS["signed_webhook"].open(given)


class Answering:
    """A channel that answers each message as told, and keeps what it got."""

    name, is_real, in_flight = "answering", True, 4

    def __init__(self, *fates):
        self.fates = list(fates)
        self.got = []

    def send(self, batch, *, timeout):
        assert timeout > timedelta(0)
        self.got += batch
        return [self.fates.pop(0) for _ in batch]

    def close(self):
        """Nothing is open."""


def test_what_nobody_surely_took_is_mailed_at_once_and_its_fate_is_the_mails():
    took, later = Accepted("ok"), Refused(False, RefusalKind.OTHER, "429")
    gone = Refused(False, RefusalKind.POLICY, "slack answered 404: no_service")
    notices = Answering(took, later, Unknown("no answer"), gone)
    mail = Answering(Accepted("m1"), later, Accepted("m3"))
    broken = []
    both = NoticeOrMail(notices, mail, own_addresses=["https://x"], broken=broken.append)
    mails = [an_email(number) for number in range(4)]
    fates = both.send(mails, timeout=LONG_ENOUGH)
    assert fates == [took, Accepted("m1"), later, Accepted("m3")]
    assert mail.got == mails[1:]
    assert broken == [gone.detail]
    assert both.send([], timeout=LONG_ENOUGH) == []


def test_no_link_of_ours_is_posted():
    said = an_email(
        1,
        subject="Hi https://go.test/abc",
        text="Open https://mail.shop.test/r/1-secret?x=1 or https://go.test/zz now; see https://shop.test/.",
    )
    posted = notice_of(said, ["https://mail.shop.test", "https://go.test"])
    assert posted.subject == "Hi […]"
    assert posted.text == "Open […] or […] now; see https://shop.test/."


def test_a_chat_that_hangs_takes_half_the_time():
    with ScriptedApi(lambda _: HANG) as api:
        channel = open_notices("slack", api.url)
        mail = Answering(Accepted("m1"))
        both = NoticeOrMail(channel, mail, own_addresses=[], broken=lambda _: None)
        fates = both.send([an_email(1)], timeout=timedelta(seconds=4))
        assert fates == [Accepted("m1")]
        api.is_over.set()
        channel.close()
