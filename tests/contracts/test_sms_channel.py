"""What every provider of short messages must do, beside what every channel must: one row each in tests/sms_providers.py."""

import socket
from datetime import timedelta

import pytest

from ripresa.contracts.channel import Accepted, HasPrices, RefusalKind, Refused, Unknown
from ripresa.contracts.provider import BadSettings, MessageKind
from ripresa.core.money import Money
from tests.outgoing import an_sms
from tests.scripted_http import DROP, HANG, HOST, Said, ScriptedApi
from tests.sms_providers import FEEDBACK_URL, PROVIDERS, TAKEN, open_at, settings_of

LONG_ENOUGH = timedelta(minutes=1)
CYRILLIC = "Ваша корзина 🛒 & 100% <ждёт> = «€»: https://x.example/s/1?a=b&c=d"
# Providers that know a repeated key for what it is: asking again sends nothing twice.
IDEMPOTENT = {"smsapi"}


@pytest.fixture(params=PROVIDERS)
def name(request):
    return request.param


def send(name, answer, *messages, timeout=LONG_ENOUGH, **changes):
    """The fates, and what the provider heard."""
    with ScriptedApi(answer) as api:
        channel = open_at(name, api.url, **changes)
        try:
            return channel.send(messages or [an_sms()], timeout=timeout), api.heard
        finally:
            channel.close()


def values(heard):
    return [*heard.query.values(), *(heard.form.values() if heard.body else ())]


def test_it_is_declared_with_secrets_marked(name):
    provider = PROVIDERS[name]
    assert (provider.name, provider.kind) == (name, MessageKind.SMS)
    secret = {one.name for one in provider.settings if one.is_secret}
    assert secret >= {"token", "auth_token", "api_secret", "password"} & {
        one.name for one in provider.settings
    }
    assert secret
    assert all(one.help for one in provider.settings)


def test_number_text_sender_key_and_reports_address_are_told(name):
    (fate,), (heard,) = send(
        name, TAKEN[name], an_sms(7, text=CYRILLIC), feedback_url=FEEDBACK_URL, sender="Enoteca"
    )
    assert isinstance(fate, Accepted)
    told = values(heard)
    assert CYRILLIC in told
    assert any(value.removeprefix("+") == "393330000007" for value in told)
    assert "Enoteca" in told
    assert any("s7" in value for value in told)
    assert any(value.startswith(FEEDBACK_URL) for value in told)


def test_the_account_s_sender_beats_the_scenario_s(name):
    _, (heard,) = send(name, TAKEN[name], an_sms(sender="Cantina"), sender="Enoteca")
    assert "Enoteca" in values(heard)
    _, (heard,) = send(name, TAKEN[name], an_sms(sender="Cantina"))
    assert "Cantina" in values(heard)


def test_a_text_is_made_cheaper_where_the_account_says_so(name):
    sms = an_sms(text="Coșul tău te așteaptă. " * 5, language="ro")
    _, (heard,) = send(name, TAKEN[name], sms, transliterate="yes")
    assert "Cosul tau te asteapta. " * 5 in values(heard)
    _, (heard,) = send(name, TAKEN[name], sms)
    assert sms.text in values(heard)


def test_it_tells_what_messages_cost_by_the_account_s_price_list(name):
    channel = open_at(name, "https://api.example", part_cost="0.07 DE=0.09", currency="EUR")
    batch = [an_sms(), an_sms(recipient="+4915112345678"), an_sms(text="ж" * 71)]
    assert isinstance(channel, HasPrices)
    told = channel.prices(batch, timeout=LONG_ENOUGH)
    assert told == [Money(7, "EUR"), Money(9, "EUR"), Money(14, "EUR")]
    channel.close()


def test_without_an_address_for_reports_none_is_asked_for(name):
    _, (heard,) = send(name, TAKEN[name])
    assert not any(value.startswith("http") for value in told_but_text(heard))


def told_but_text(heard):
    return [value for value in values(heard) if "carrello" not in value]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_provider_is_tried_later_or_nobody_can_tell(name, status):
    (fate,), _ = send(name, lambda heard: Said(status, "busy"))
    if isinstance(fate, Refused):
        assert (fate.permanent, fate.kind) == (False, RefusalKind.OTHER)
    else:
        assert isinstance(fate, Unknown)
        assert status == 503


@pytest.mark.parametrize("silence", [DROP, b"HTTP/1.1 2", HANG])
def test_a_lost_answer(name, silence):
    # Half of the time is for beginning: long enough for a busy machine.
    patience = timedelta(seconds=3) if silence is HANG else LONG_ENOUGH
    (fate,), _ = send(name, lambda heard: silence, timeout=patience)
    if name in IDEMPOTENT:
        assert isinstance(fate, Refused)
        assert not fate.permanent
    else:
        assert isinstance(fate, Unknown)


def test_after_a_lost_answer_the_rest_waits(name):
    batch = [an_sms(number) for number in range(20)]
    fates, heard = send(name, lambda heard: DROP, *batch)
    assert not any(isinstance(fate, Accepted) for fate in fates)
    # At most one message for each connection, and a look for each where the provider can be asked.
    assert len([one for one in heard if one.method == "POST" or name == "http_gateway"]) <= 4
    assert not any(isinstance(fate, Refused) and fate.permanent for fate in fates)


def test_who_cannot_be_reached_is_tried_later(name):
    with socket.socket() as nobody:
        nobody.bind((HOST, 0))  # and does not listen
        channel = open_at(name, f"http://{HOST}:{nobody.getsockname()[1]}")
        (fate,) = channel.send([an_sms()], timeout=LONG_ENOUGH)
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.OTHER)
    channel.close()


def test_the_own_network_is_not_called_unless_it_was_named(name):
    """A merchant types the address in: it must not lead to the machine's neighbours."""
    with ScriptedApi(TAKEN[name]) as api:
        channel = PROVIDERS[name].open(settings_of(name, api.url))
        (fate,) = channel.send([an_sms()], timeout=LONG_ENOUGH)
        channel.close()
        assert api.heard == []
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.POLICY)
    assert "RIPRESA_INTERNAL_HOSTS" in fate.detail


def test_wrong_credentials_hold_the_account_and_lose_no_message(name):
    (fate,), _ = send(name, lambda heard: Said(401, WRONG_LOGIN.get(name, "")))
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.POLICY)


def test_no_credit_holds_the_account_and_loses_no_message(name):
    status, body = NO_CREDIT[name]
    (fate,), _ = send(name, lambda heard: Said(status, body))
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.CREDIT)


def test_a_fate_shows_no_secret(name):
    (fate,), _ = send(name, lambda heard: Said(400, "no"))
    for secret in ("token-of-ada", "12345", "api-secret", "tiger"):
        assert secret not in str(fate)


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": "a sender of too many letters"},
        {"feedback_url": "ftp://x"},
        {"low_balance": "much"},
        {"low_balance": "-1"},
        {"low_balance": "NaN"},
        {"transliterate": "maybe"},
        {"part_cost": "seven cents"},
        {"currency": "euro"},
    ],
)
def test_settings_that_cannot_be_are_refused(name, changes):
    if set(changes) <= set(settings_of(name)):
        with pytest.raises(BadSettings, match=next(iter(changes))):
            PROVIDERS[name].open(settings_of(name, "https://api.example", **changes))


WRONG_LOGIN = {
    "smsapi": {"error": 101, "message": "Authorization failed"},
    "twilio": {"code": 20003, "message": "Authenticate", "status": 401},
    "vonage": {"title": "Unauthorized"},
}
NO_CREDIT = {
    "smsapi": (200, {"error": 103, "message": "Insufficient credits on your account"}),
    "twilio": (402, {"code": 20005, "message": "no funds"}),
    "vonage": (200, {"messages": [{"status": "9", "error-text": "Quota Exceeded - rejected"}]}),
    "http_gateway": (402, "pay first"),
}
