"""What each mail service is sent, and what its answers mean."""

import base64
import email
import email.policy
import json
import socket
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest

from ripresa.channels.anymail.provider import PROVIDERS
from ripresa.contracts.channel import Accepted, Mailbox, RefusalKind, Refused, Unknown
from ripresa.contracts.provider import BadSettings, MessageKind
from tests.mail_services import ACCEPTS, mail_service
from tests.mails import an_email
from tests.patience import with_time_enough
from tests.scripted_http import DROP, Heard, Said
from tests.unit.channels.anymail.calls import settings_of

pytestmark = pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
LONG_ENOUGH = timedelta(minutes=1)
MAIL = an_email(7, subject="Il carrello è qui 🛒\r\nBcc: eve@people.example", message_key="k3y7")


# One of each kind of client: Amazon's own, JSON, a form, one that answers in a list.
SOME = ("amazon_ses", "postmark", "mailgun", "mailjet")


def said_in(heard: Heard) -> str:
    """All that a call says, in plain letters, whatever it is wrapped in."""
    if heard.body.startswith(b"{"):
        value = heard.json
        if "Content" in value and isinstance(value["Content"], dict) and "Raw" in value["Content"]:
            raw = base64.b64decode(value["Content"]["Raw"]["Data"])
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            headers = [f"{name}: {text}" for name, text in mail.items()]
            return "\n".join([*headers, *(str(part.get_content()) for part in mail.iter_parts())])
        return json.dumps(value, ensure_ascii=False).replace('\\"', '"').replace("\\n", "\n")
    return unquote_plus(heard.body.decode())


@pytest.mark.parametrize("name", ACCEPTS)
def test_a_mail_goes_out_whole_with_its_key_and_headers(name):
    with mail_service(name) as (channel, api):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert isinstance(fate, Accepted), fate
    assert fate.receipt
    (heard,) = api.heard
    said = said_in(heard)
    assert "ben7@people.example" in said
    assert "shop@enoteca.example" in said
    assert "help@enoteca.example" in said
    assert "Enoteca Città" in said
    assert "Il carrello è qui 🛒" in said
    assert "Barolo, 49,90 €" in said
    assert "https://enoteca.example/u/abc" in said
    assert "List-Unsubscribe=One-Click" in said
    assert "k3y7" in said or name in {"postal", "mailersend"}
    assert ("m7@mail.enoteca.example" in said) is (name != "unisender_go")
    assert "\nBcc: eve" not in said


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize(
    ("status", "permanent", "kind"),
    [
        (401, False, RefusalKind.POLICY),
        (402, False, RefusalKind.CREDIT),
        (403, False, RefusalKind.POLICY),
        (429, False, RefusalKind.OTHER),
        (503, False, RefusalKind.OTHER),
        (422, True, RefusalKind.OTHER),
    ],
)
def test_a_refusal_says_whose_it_is(name, status, permanent, kind):
    with mail_service(name, lambda _: Said(status, {"message": "no"}, {})) as (channel, api):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert isinstance(fate, Refused), fate
    assert (fate.permanent, fate.kind) == (permanent, kind)
    assert len(api.heard) == 1, "nobody but the caller tries again"


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("answer", [Said(500, "{}"), Said(502, "<html>"), DROP])
def test_where_nobody_can_tell_it_is_not_sent_again(name, answer):
    with mail_service(name, lambda _: answer) as (channel, api):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert isinstance(fate, Unknown), fate
    assert len(api.heard) == 1


@pytest.mark.parametrize("name", SOME)
def test_who_is_not_reached_has_not_heard_of_it(name):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with mail_service(name, url=url) as (channel, _):
            (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert isinstance(fate, Refused), fate
    assert not fate.permanent


@pytest.mark.parametrize(
    ("words", "permanent", "kind"),
    [
        ("The domain is not verified", False, RefusalKind.POLICY),
        ("You have no credits left", False, RefusalKind.CREDIT),
        ("The subject is too long", True, RefusalKind.OTHER),
    ],
)
def test_what_a_bad_request_says_decides_whom_it_is_about(words, permanent, kind):
    with mail_service("resend", lambda _: Said(422, {"message": words})) as (channel, _):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert (fate.permanent, fate.kind) == (permanent, kind)
    assert words in fate.detail


def test_an_address_that_the_service_holds_back_is_no_trouble_of_the_account():
    said = Said(
        422,
        {
            "ErrorCode": 406,
            "Message": "You tried to send to recipients that are inactive. "
            "Found inactive addresses: ben7@people.example. Inactive recipients are ones",
        },
    )
    with mail_service("postmark", lambda _: said) as (channel, _):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert (fate.permanent, fate.kind) == (True, RefusalKind.OTHER)


@pytest.mark.parametrize(
    ("status", "kind"), [("invalid", RefusalKind.MAILBOX), ("rejected", RefusalKind.OTHER)]
)
def test_a_mail_that_mandrill_does_not_take(status, kind):
    def answer(heard: Heard) -> Said:
        said = {"email": heard.json["message"]["to"][0]["email"], "status": status}
        return Said(200, [said])

    with mail_service("mandrill", answer) as (channel, _):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert (fate.permanent, fate.kind) == (True, kind)


def test_postal_says_no_with_a_success():
    said = Said(200, {"status": "error", "data": {"code": "UnauthenticatedFromAddress"}})
    with mail_service("postal", lambda _: said) as (channel, _):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.POLICY)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccountSuspendedException", 400, RefusalKind.POLICY),
        ("TooManyRequestsException", 429, RefusalKind.OTHER),
        ("LimitExceededException", 400, RefusalKind.OTHER),
    ],
)
def test_the_errors_of_amazon_by_name(code, status, kind):
    said = Said(status, {"message": "no"}, {"x-amzn-errortype": code})
    with mail_service("amazon_ses", lambda _: said) as (channel, _):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert (fate.permanent, fate.kind) == (False, kind)


def test_amazon_is_given_a_whole_mail_with_the_date_of_its_first_hand_over():
    with mail_service("amazon_ses") as (channel, api):
        channel.send([MAIL], timeout=LONG_ENOUGH)
    assert "Date: Tue, 03 Mar 2026 10:00:00" in said_in(api.heard[0])


def test_no_redirect_is_followed():
    with mail_service("brevo", lambda _: Said(302, "", {"location": "/elsewhere"})) as (
        channel,
        api,
    ):
        (fate,) = channel.send([MAIL], timeout=LONG_ENOUGH)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.POLICY)
    assert len(api.heard) == 1


def test_a_name_with_syntax_in_it_stays_a_name():
    mail = replace(
        MAIL, recipient=Mailbox('Ben "x" <eve@people.example>, \\', "ben7@people.example")
    )
    with mail_service("postmark") as (channel, api):
        (fate,) = channel.send([mail], timeout=LONG_ENOUGH)
    assert isinstance(fate, Accepted)
    (mailbox,) = email.policy.default.header_factory("to", api.heard[0].json["To"]).addresses
    assert mailbox.addr_spec == "ben7@people.example"


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_every_service_is_declared(provider):
    assert provider.kind is MessageKind.EMAIL
    names = [setting.name for setting in provider.settings]
    assert set(names) == set(settings_of(provider.name))
    assert any(setting.is_secret for setting in provider.settings)
    assert provider.reader is not None or provider.name == "scaleway"
    with pytest.raises(BadSettings, match="connections"):
        provider.open(settings_of(provider.name, connections="many"))
    with pytest.raises(BadSettings, match="rate"):
        provider.open(settings_of(provider.name, rate="-1"))


def test_the_rate_of_an_account_is_kept_and_what_comes_too_late_waits():
    def story(seconds):
        with mail_service("postmark", rate="10") as (channel, api):
            began = time.monotonic()
            mails = [an_email(n) for n in range(200)]
            fates = channel.send(mails, timeout=timedelta(seconds=seconds))
            took = time.monotonic() - began
        sent = [fate for fate in fates if isinstance(fate, Accepted)]
        later = [fate for fate in fates if isinstance(fate, Refused)]
        assert 1 <= len(sent) <= 1 + 10 * took
        assert later
        assert not any(fate.permanent for fate in later)
        assert len(sent) <= len(api.heard) <= 200 - len(later)

    with_time_enough(story, 1.5, 10.0)
