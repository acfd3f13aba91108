"""What a request says about itself."""

import pytest

from ripresa.intake.answers import Answer, Refused
from ripresa.intake.requests import Request
from ripresa.intake.storefront import cors


def a_request(*headers, client=("192.0.2.1", 4711), query=b""):
    scope = {
        "method": "POST",
        "path": "/v1/events",
        "headers": list(headers),
        "client": client,
        "query_string": query,
    }
    return Request.of(scope)


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/json",
        b"Application/JSON",
        b"application/json; charset=utf-8",
        b'application/json;charset="UTF-8"',
        b"application/vnd.shop+json",
    ],
)
def test_json_in_utf8_is_taken(content_type):
    a_request((b"content-type", content_type)).require_json()


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"content-type", b"")],
        [(b"content-type", b"text/plain")],
        [(b"content-type", b"application/jsonp")],
        [(b"content-type", b"text/vnd.shop+json")],
        [(b"content-type", b"application/json; charset=latin-1")],
        [(b"content-type", b"application/json"), (b"content-encoding", b"gzip")],
    ],
)
def test_anything_else_is_not(headers):
    with pytest.raises(Refused) as refusal:
        a_request(*headers).require_json()
    assert refusal.value.answer.status == 415


@pytest.mark.parametrize(
    ("forwarded", "trusted", "seen"),
    [
        ([], False, "192.0.2.1"),
        ([], True, "192.0.2.1"),
        ([b"198.51.100.7"], False, "192.0.2.1"),
        ([b"198.51.100.7"], True, "198.51.100.7"),
        ([b"10.9.9.9, 198.51.100.7"], True, "198.51.100.7"),
        ([b"10.9.9.9", b"198.51.100.7"], True, "198.51.100.7"),
        ([b"198.51.100.7, "], True, "192.0.2.1"),
    ],
)
def test_who_sent_it(forwarded, trusted, seen):
    request = a_request(*[(b"x-forwarded-for", value) for value in forwarded])
    assert request.client_ip(trust_proxy=trusted) == seen


def test_nobody_is_nobody():
    assert a_request(client=None).client_ip(trust_proxy=False) == ""


@pytest.mark.parametrize(
    ("query", "asks"),
    [(b"ready=1", True), (b"", False), (b"ready=0", False), (b"ready=1&x=\xff", True)],
)
def test_what_it_asks(query, asks):
    assert a_request(query=query).asks("ready") is asks


class TestCors:
    HOSTS = frozenset({"shop.test", "127.0.0.1:8010"})

    @pytest.mark.parametrize(
        "origin", [None, b"https://shop.test", b"http://SHOP.test:8080", b"http://127.0.0.1:8010"]
    )
    def test_the_shops_own_pages_may_post(self, origin):
        cors.require_own_origin(origin, self.HOSTS)

    @pytest.mark.parametrize(
        "origin",
        [
            b"null",
            b"",
            b"https://evil.test",
            b"https://shop.test.evil.test",
            b"http://127.0.0.1:8011",
            b"file://shop.test",
            b"https://shop.test/",
            b"https://shop.test@evil.test",
            b"https://evil.test\xff",
        ],
    )
    def test_others_may_not(self, origin):
        with pytest.raises(Refused) as refusal:
            cors.require_own_origin(origin, self.HOSTS)
        assert refusal.value.answer.status == 403

    def test_a_preflight_lets_the_page_ask(self):
        answer = cors.preflight(b"https://shop.test")
        headers = dict(answer.headers)
        assert answer.status == 204
        assert headers[b"access-control-allow-origin"] == b"https://shop.test"
        assert b"authorization" in headers[b"access-control-allow-headers"]

    def test_what_is_no_origin_is_never_repeated(self):
        for origin in (None, b"null", b"https://x\r\nset-cookie: a=b", b"<script>"):
            assert cors.preflight(origin).headers == ()
            assert cors.readable(Answer(202, b""), origin).headers == Answer(202, b"").headers
