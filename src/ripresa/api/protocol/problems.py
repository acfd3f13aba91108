"""Refusals: every one is a problem of RFC 9457, as application/problem+json."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from django.http import HttpResponse
from pydantic import BaseModel

from ripresa.contracts.calling.sayings import as_words

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 2

# Status -> the end of the problem's type, and its title. What is not here is told by number alone.
KINDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad-request", "The request can't be read"),
    401: ("no-key", "No valid key"),
    403: ("missing-scope", "The key may not do this"),
    404: ("not-found", "Not found"),
    405: ("wrong-method", "This address does not take this method"),
    408: ("too-slow", "The body took too long"),
    409: ("conflict", "Not possible in the present state"),
    413: ("too-large", "The body is too large"),
    415: ("wrong-content-type", "The body has the wrong content type"),
    422: ("invalid", "Something in the request makes no sense"),
    429: ("too-many-requests", "Too many requests"),
    500: ("broken", "Our fault"),
    503: ("unavailable", "Not now"),
}


class FieldError(BaseModel):
    """What is wrong with one field. `file` and `line` are set where the field stands in a file."""

    field: str
    message: str
    file: str | None = None
    line: int | None = None


class Problem(BaseModel):
    """A refusal. `type` names its kind, `detail` says what to do; `errors` names the fields."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None


class Refused(Exception):
    """The request is refused, with the status and the words of the answer. Nothing was changed."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    @classmethod
    def field(cls, name: str, message: str) -> "Refused":
        """422 for one field."""
        error = FieldError(field=name, message=message)
        return cls(422, f"{name}: {message}", errors=[error])


class NotFound(Refused):
    """There is no such thing in the shop of the key, whether or not another shop has it."""

    def __init__(self, what: str) -> None:
        super().__init__(404, f"this shop has no such {what}")


class Unavailable(Refused):
    """The database is away or too busy; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            503,
            "the database does not answer; try again",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


def answer(refused: Refused) -> HttpResponse:
    """The HTTP answer to a refused request."""
    slug, title = KINDS.get(refused.status, (f"status-{refused.status}", "Refused"))
    problem = Problem(
        type=f"/problems/{slug}",
        title=title,
        status=refused.status,
        detail=refused.detail,
        errors=refused.errors or None,
    )
    body = msgspec.json.encode(problem.model_dump(exclude_none=True), enc_hook=as_words)
    return HttpResponse(
        body, status=refused.status, content_type=MEDIA_TYPE, headers=refused.headers
    )
