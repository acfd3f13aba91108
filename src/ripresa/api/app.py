"""The management API as a whole: its parts under /api/v1, its description, and how it refuses."""

from functools import cached_property
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from ripresa.api import (
    agents,
    carts,
    connections,
    contacts,
    coupons,
    deals,
    health,
    messages,
    notices,
    recoveries,
    segments,
    senders,
    shop,
)
from ripresa.api import files as tables
from ripresa.api.campaigns import files as campaign_files
from ripresa.api.campaigns import life as campaign_life
from ripresa.api.carriers import accounts, letters, strays, webhooks
from ripresa.api.people import consents, data, merges, suppressions
from ripresa.api.protocol import problems
from ripresa.api.protocol.description import Description
from ripresa.api.protocol.problems import FieldError, NotFound, Refused, Unavailable
from ripresa.api.protocol.reading import Renderer, StrictParser
from ripresa.api.reports import credits as report_credits
from ripresa.api.reports import figures as report_figures
from ripresa.api.reports import orders as report_orders
from ripresa.api.reports import restores as report_restores
from ripresa.api.reports import verdicts as report_verdicts
from ripresa.api.scenarios import files, life, rehearsals
from ripresa.api.settings import consent, features, hours, legal_bases, retention, tracking
from ripresa.api.team import approvals, audit, members

_ABOUT = """\
What the console shows and does, for programs. A key opens one shop: `Authorization: Bearer <key>`.
Scopes: `read` looks, `write` changes and holds back, `send` lets leave, `approve` is a second person.
Refusals are problems of RFC 9457. Lists are pages: follow `next`. Instants are RFC 3339 in UTC.
"""


_PARTS = (
    shop, hours, features, legal_bases, consent, tracking, retention, members, approvals, audit, notices,
    contacts, consents, data, merges, suppressions, carts, recoveries, files, life, rehearsals, messages,
    coupons, agents, deals, segments, senders, accounts, strays, letters, webhooks, campaign_files,
    campaign_life, tables, health, connections, report_figures, report_restores, report_orders,
    report_credits, report_verdicts,
)  # fmt: skip


class Management(NinjaAPI):
    """The API, described as it is."""

    @cached_property
    def description_of_all(self) -> OpenAPISchema:
        """The OpenAPI 3.1 description, worked out once: anybody may ask for it."""
        return Description(self, "/api/v1/")

    def get_openapi_schema(self, **_: Any) -> OpenAPISchema:
        """The same, as the framework asks for it."""
        return self.description_of_all


def _refused(_request: HttpRequest, refused: Any) -> HttpResponse:
    return problems.answer(refused)


def _unavailable(_request: HttpRequest, _wrong: Any) -> HttpResponse:
    return problems.answer(Unavailable())


def _outrun(_request: HttpRequest, _wrong: Any) -> HttpResponse:
    detail = "somebody else did the same at this moment; nothing was changed, look again"
    return problems.answer(Refused(409, detail))


def _of_ninja(_request: HttpRequest, wrong: Any) -> HttpResponse:
    cause = wrong.__cause__
    return problems.answer(
        cause if isinstance(cause, Refused) else Refused(wrong.status_code, str(wrong))
    )


def _invalid(_request: HttpRequest, wrong: Any) -> HttpResponse:
    """422 with every field that is wrong; an address that can be nobody's is a 404."""
    errors = [
        FieldError(field=_name(error["loc"]), message=_said(error["msg"])) for error in wrong.errors
    ]
    if any(error["loc"][0] == "path" for error in wrong.errors):
        return problems.answer(NotFound("row"))
    detail = "; ".join(f"{error.field}: {error.message}" for error in errors[:5])
    return problems.answer(Refused(422, detail, errors=errors))


def _name(loc: tuple[Any, ...]) -> str:
    """The field as the client wrote it: what comes before is where the framework found it."""
    inner = [str(part) for part in loc[2:]] if len(loc) > 2 else [str(loc[-1])]  # noqa: PLR2004
    return ".".join(inner)[:200]


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def make_api() -> Management:
    """The API with all its parts."""
    api = Management(
        title="Ripresa",
        version="1",
        description=_ABOUT,
        docs_url=None,  # the usual viewers need scripts from elsewhere, which our CSP forbids
        urls_namespace="api",
        parser=StrictParser(),
        renderer=Renderer(),
    )
    for part in _PARTS:
        api.add_router("", part.router)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(HttpError, _of_ninja)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(IntegrityError, _outrun)
    for away in (OperationalError, InterfaceError):
        api.add_exception_handler(away, _unavailable)
    return api
