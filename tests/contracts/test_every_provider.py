"""What every provider of the registry must keep, as it is declared: a new line there is tested here."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripresa.contracts.feedback import Feedback, FeedbackReader, HookRefused, HookRequest
from ripresa.contracts.provider import BadSettings, MessageKind, Provider
from ripresa.entrypoints.registry import PROVIDERS
from tests.hooks import a_call, a_form, a_get
from tests.sms_providers import GIVEN
from tests.unit.channels.anymail.calls import settings_of

# Names of settings that others could act with; whatever is called so is never shown again.
_SECRET = re.compile(r"(token|secret|password|(?<!public_)(?<!verification_)key)$")
# What is called so all the same, and is no secret.
_OPEN = {("vonage", "api_key"), ("mailjet", "api_key"), ("postal", "webhook_key")}
pytestmark = pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
HUSH = "kestrel-7731-lantern"
JUNK = ("", "nonsense", "\0", "-1", "https://user:pass@[::1", HUSH, "é" * 300, "../../etc/passwd")
READ = sorted(name for name, one in PROVIDERS.items() if one.reader is not None)


@pytest.fixture(params=sorted(PROVIDERS))
def provider(request) -> Provider:
    return PROVIDERS[request.param]


def required(provider: Provider) -> list[str]:
    return [one.name for one in provider.settings if one.default is None]


def sample_of(name: str) -> dict[str, str]:
    """Settings as somebody could have them; for a provider of which no test knows any, made-up ones."""
    provider = PROVIDERS[name]
    known = {one.name for one in provider.settings}
    try:
        sample = settings_of(name)
    except (KeyError, StopIteration):
        sample = GIVEN.get(name, {})
    made_up = {key: f"https://{key.replace('_', '-')}.example/" for key in required(provider)}
    return provider.complete({**made_up, **{k: v for k, v in sample.items() if k in known}})


def test_it_is_declared_whole(provider):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", provider.name)
    assert provider.label.strip()
    assert isinstance(provider.kind, MessageKind)
    names = [one.name for one in provider.settings]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    assert all(one.help.strip() for one in provider.settings)


def test_what_others_could_act_with_is_a_secret(provider):
    shown = [one.name for one in provider.settings if not one.is_secret]
    assert [
        name for name in shown if _SECRET.search(name) and (provider.name, name) not in _OPEN
    ] == []
    # A secret with a default would be everybody's.
    assert [one.name for one in provider.settings if one.is_secret and one.default] == []


def test_what_is_missing_or_unknown_is_named(provider):
    whole = dict.fromkeys(required(provider), "x")
    for name in whole:
        with pytest.raises(BadSettings, match=name):
            provider.complete({key: value for key, value in whole.items() if key != name})
    with pytest.raises(BadSettings, match="no_such_thing"):
        provider.complete({**whole, "no_such_thing": "x"})
    complete = provider.complete(whole)
    assert set(complete) == {one.name for one in provider.settings}


@pytest.mark.parametrize("junk", JUNK)
def test_settings_that_cannot_be_are_refused_in_words_without_secrets(provider, junk):
    """One setting at a time, and all at once; what can be opened is closed again, and asked nobody."""
    sample = sample_of(provider.name)
    for one in provider.settings:
        refusal = refusal_of(provider, {**sample, one.name: junk})
        is_hidden = one.is_secret and junk == HUSH
        assert refusal is None or (refusal and not (is_hidden and HUSH in refusal))
    refusal_of(provider, dict.fromkeys(sample, junk))


def refusal_of(provider: Provider, trial: dict[str, str]) -> str | None:
    """Why it can't be opened with these settings; None: it can. Nothing but BadSettings is raised."""
    try:
        provider.open(trial).close()
        if provider.reader is not None:
            provider.reader(trial)
    except BadSettings as wrong:
        return str(wrong)
    return None


def test_a_channel_has_a_name_and_keeps_its_secrets_to_itself(provider):
    sample = {**sample_of(provider.name)}
    try:
        channel = provider.open(sample)
    except BadSettings:
        pytest.skip("it needs more than made-up settings; its own tests open it")
    secrets = [sample[name] for name in provider.secret_names if len(sample[name]) > 5]
    assert channel.name
    assert channel.in_flight >= 1
    assert not [one for one in secrets if one in repr(channel)]
    assert channel.send([], timeout=timedelta(seconds=1)) == []
    channel.close()


bodies = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"", b"{}", b"[]", b"null", b"[{}]", b'{"a":', b"a=b&c", b"\xff\xfe", b"<x/>"]
    ),
)
kinds = st.sampled_from(["", "application/json", "application/x-www-form-urlencoded", "text/plain"])


@pytest.mark.parametrize("name", READ)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(body=bodies, kind=kinds, method=st.sampled_from(["POST", "GET"]))
def test_a_call_from_a_stranger_is_refused_or_says_nothing_wrong(name, body, kind, method):
    """Whatever comes in: HookRefused, or feedback that can be stored. Nothing else is raised."""
    try:
        reader = PROVIDERS[name].reader(sample_of(name))
    except BadSettings:
        pytest.skip("it needs more than made-up settings; its own tests open it")
    for call in (
        a_call(body, kind=kind, method=method),
        a_form({"status": "x", "id": "\0", "to": ""}),
        a_get({"status": "x", "MsgId": "1"}),
    ):
        told = read(reader, call)
        assert all(0 < len(one.event_id) <= 200 for one in told)
        assert all(one.occurred_at.tzinfo is not None for one in told)
        assert [one.event_id for one in read(reader, call)] == [one.event_id for one in told]


def read(reader: FeedbackReader, call: HookRequest) -> list[Feedback]:
    """What a call tells; nothing where it is not believed."""
    try:
        return reader.read(call)
    except HookRefused:
        return []


@pytest.mark.parametrize("name", READ)
def test_the_answer_to_calls_is_text_and_always_the_same(name):
    try:
        one, other = (PROVIDERS[name].reader(sample_of(name)) for _ in range(2))
    except BadSettings:
        pytest.skip("it needs more than made-up settings; its own tests open it")
    assert one.reply == other.reply
    assert 200 <= one.reply.status < 300
    assert one.reply.content_type
    one.reply.body.decode()
