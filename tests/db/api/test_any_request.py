"""Whatever a client sends: no 5xx, and what comes back is as the description says. Over a real server."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ripresa.api.app import make_api
from ripresa.core.throwaway import throwaway_database
from ripresa.entrypoints.blank_database import blank_database
from tests.installs import Install

EXAMPLES, MANY_EXAMPLES = 12, 1500
HOSTILE, MANY_HOSTILE = 300, 10_000


def _description() -> dict[str, Any]:
    """The API's own description, but for keys: all requests here carry a good one."""
    told = json.loads(json.dumps(make_api().get_openapi_schema()))
    for operations in told["paths"].values():
        for operation in operations.values():
            del operation["security"]
    return told


DESCRIPTION = _description()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
# What a parameter means is not all in its shape: a phone number that nobody can have is refused.
NOT_ASKED = [schemathesis.checks.positive_data_acceptance]


class Served:
    """A running server with the world of the personas in it."""

    def __init__(self, port: int, key: str, ids: dict[str, list[Any]]) -> None:
        self._port = port
        self.url = f"http://127.0.0.1:{port}"
        self.headers = {"Authorization": f"Bearer {key}"}
        self._ids = ids

    def aim(self, case: schemathesis.Case) -> None:
        """Put ids of rows that there are into most paths: what is not there is soon told."""
        if case.meta is None or case.meta.generation.mode.is_negative:
            return
        for name in case.path_parameters:
            said = str(case.path_parameters[name])
            pool = self._ids[name]
            if len(said) % 4:
                case.path_parameters[name] = pool[sum(map(ord, said)) % len(pool)]

    def send(self, method: str, address: str, body: bytes | None, kind: str) -> tuple[int, str]:
        """One request, its address as it is but for the ids; gives the status and the content type."""
        ids = {name: pool[0] for name, pool in self._ids.items()}
        for name, value in ids.items():
            address = address.replace(f"{{{name}}}", str(value))
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        try:
            connection.putrequest(method, address)
            for name, value in {**self.headers, "content-type": kind}.items():
                connection.putheader(name, value)
            connection.putheader("content-length", str(len(body or b"")))
            connection.endheaders(body)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("content-type") or ""
        finally:
            connection.close()


@pytest.fixture(scope="module")
def served(postgres_url: str) -> Iterator[Served]:
    install = Install()
    try:
        with throwaway_database(postgres_url, template=blank_database(postgres_url)) as dsn:
            run = install.start("web", DATABASE_URL=dsn)
            run.wait_for('"listening"')
            seeded = subprocess.run(
                [sys.executable, "-m", "tests.api_world"],
                env=install.environment(DATABASE_URL=dsn),
                check=True,
                capture_output=True,
            )
            yield Served(install.port, **json.loads(seeded.stdout))
            # What broke is in the server's own words.
            assert "Traceback" not in run.said, run.said[run.said.index("Traceback") :][:4000]
            install.clear()
    finally:
        install.close()


def _validate(case: schemathesis.Case, served: Served) -> None:
    served.aim(case)
    case.call_and_validate(
        base_url=served.url, headers=served.headers, excluded_checks=NOT_ASKED, timeout=120
    )


ANY = {
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
    "deadline": None,
}


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, **ANY)
def test_any_request(case, served):
    _validate(case, served)


@pytest.mark.slow  # drawn alone: what the description asks for by itself, each run meets above
@SCHEMA.parametrize()
@settings(max_examples=MANY_EXAMPLES, **{**ANY, "phases": [Phase.generate]})
def test_very_many_requests(case, served):
    _validate(case, served)


CALLS = [
    (method.upper(), path, operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]
# As they travel in an address: NUL, halves of characters, what is no UTF-8, numbers without end.
HOSTILE_TEXTS = [
    "%00", "a%00b", "%ed%a0%80", "%ff%fe", "%C0%80", "9" * 400, "-1", "1e999", "NaN", "Infinity",
    "9223372036854775808", "-9223372036854775809", "2147483648", "%", "%zz", "..%2f..%2f", "%0d%0aX:%20y",
    "';DROP%20TABLE%20cart;--", "%25%25%25", "{}", "[]", "null", "true", "%F0%9F%98%80" * 50, "%E2%80%AE",
    "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59",
    "0000-00-00T00:00:00Z", "2026-11-20T15:00:60Z", "2026-02-30T00:00:00Z", "",
    "dA", "dGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZg", "bi0x", "bjk5OTk5OTk5OQ",
]  # fmt: skip
HOSTILE_BODIES = [
    b"", b"\x00", b"null", b"[]", b"0", b'""', b"{", b"[" * 50_000, b'{"a":' * 20_000, b"\xff\xfe\x00{",
    b'{"why": "\\ud800"}', b'{"why": "\\u0000"}', b'{"why": "\xed\xa0\x80"}', b'{"people": 1e400}',
    b'{"people": 99999999999999999999999999}', b'{"people": -1, "include_existing": true}',
    b'{"people": ' + b"9" * 5000 + b"}", b'{"include_existing": "yes"}', b'{"why": 1, "why": 2}',
    b"&a [*a]", b"!!python/object:os.system {}", b"a: &a [x]\nb: [*a, *a]", b"\xef\xbb\xbf{}", b"- " * 20_000,
    b'version: 1\nname: "\\0"', b"version: 99999999999999999999999999999", b"? " * 5_000,
]  # fmt: skip
# Values of fields, as they stand in JSON.
HOSTILE_VALUES = [
    r'"\u0000"', r'"a\u0000b"', r'"\ud800"', r'"\ud83d"', r'"\u0007"', r'"\u202e"', '""', '" "', '"' + "x" * 300 + '"',
    "null", "true", "0", "-1", "1e999", "-0.0", "9" * 30, "[]", "{}", "[[[]]]", "[{}]", '[{"code": null}]',
    r'[{"code": "\u0000"}]', '[{"code": "A", "expires_at": "9999-12-31T23:59:59.999999Z"}]', '[{"code": "1,2E+10"}]',
    '"2026-13-01T00:00:00Z"', '"9999-12-31T23:59:59.999999Z"', '"0001-01-01T00:00:00+00:00"', '"+39333"',
    '"email:"', '"customer:x"', '"check_out_abandoned"', '"sara@wines.test"', '"A' + "😀" * 90 + '"',
]  # fmt: skip
KINDS = [
    "application/json",
    "application/yaml",
    "text/plain",
    "application/json; charset=utf-16",
    "x",
]


def _fields(operation: dict[str, Any]) -> list[str]:
    """The fields of the JSON that a call takes."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    ref = content.get("schema", {}).get("$ref", "")
    schemas = DESCRIPTION["components"]["schemas"]
    return list(schemas[ref.rpartition("/")[2]]["properties"]) if ref else []


FIELDS = {operation["operationId"]: _fields(operation) for _, _, operation in CALLS}


@st.composite
def hostile_objects(draw, names: list[str]) -> bytes:
    """A JSON object whose fields are known and whose values are not what they should be."""
    values = {name: draw(st.none() | st.sampled_from(HOSTILE_VALUES)) for name in names}
    said = [f'"{name}": {value}' for name, value in values.items() if value is not None]
    return ("{" + ", ".join(said) + "}").encode()


@st.composite
def hostile_requests(draw) -> tuple[str, str, bytes | None, str]:
    """Method, address with places for ids, body and its content type."""
    method, path, operation = draw(st.sampled_from(CALLS))
    names = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
    query = draw(
        st.lists(
            st.tuples(st.sampled_from([*names, "other"]), st.sampled_from(HOSTILE_TEXTS)),
            max_size=3,
        )
    )
    if draw(st.integers(0, 3)) == 0:
        path = path.partition("{")[0] + draw(st.sampled_from(HOSTILE_TEXTS))
    names = FIELDS[operation["operationId"]]
    if names and draw(st.booleans()):
        return method, path, draw(hostile_objects(names)), "application/json"
    body = draw(st.none() | st.sampled_from(HOSTILE_BODIES))
    address = path + "?" + "&".join(f"{name}={text}" for name, text in query)
    return method, address, body, draw(st.sampled_from(KINDS))


def _survives(request: tuple[str, str, bytes | None, str], served: Served) -> None:
    method, address, body, kind = request
    status, content_type = served.send(method, address, body, kind)
    assert status < 500, request
    assert status < 400 or content_type == "application/problem+json", request


def test_a_body_without_end_is_refused(served):
    status, kind = served.send("POST", "/api/v1/scenarios", b"#" * (3 << 20), "application/yaml")
    assert (status, kind) == (413, "application/problem+json")


@given(request_=hostile_requests())
@settings(max_examples=HOSTILE, **ANY)
def test_hostile_requests(request_, served):
    _survives(request_, served)


@pytest.mark.slow
@given(request_=hostile_requests())
@settings(max_examples=MANY_HOSTILE, **ANY)
def test_very_many_hostile_requests(request_, served):
    _survives(request_, served)
