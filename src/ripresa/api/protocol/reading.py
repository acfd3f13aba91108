"""JSON in and out: read strictly, written with instants in UTC and ids as text."""

from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from ripresa.api.protocol.problems import Refused
from ripresa.contracts.calling.sayings import as_words


class StrictParser(Parser):
    """Reads what RFC 8259 calls JSON: no NaN, no half characters, no nesting without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The decoded body. Raises Refused."""
        if request.content_type != "application/json":
            raise Refused(415, "send the body as application/json")
        try:
            return msgspec.json.decode(request.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise Refused(400, f"the body is not JSON: {wrong}") from None
        except RecursionError:
            raise Refused(400, "the body is nested too deep") from None


class Renderer(BaseRenderer):
    """Writes JSON: instants as RFC 3339 in UTC, to the microsecond."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """`data` as JSON."""
        del request, response_status
        return msgspec.json.encode(data, enc_hook=as_words)
