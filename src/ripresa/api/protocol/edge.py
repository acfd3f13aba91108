"""The edge of the API: what Django itself refuses or breaks is told as a problem, too."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ripresa.api.protocol.problems import MEDIA_TYPE, Refused, answer
from ripresa.domain.audit.acting import PROGRAM, acting_as

PREFIX = "/api/"
_DETAILS = {
    404: "there is nothing at this address; /api/v1/openapi.json lists what there is",
    405: "see the Allow header",
    413: "send less at once",
    500: "the details are in the log of the server",
}


class ApiEdge:
    """Middleware around everything else; other addresses are passed by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then see to it that a refusal is a problem and that nothing is kept in between."""
        # Whoever is let in acts until the answer is there, and no longer.
        with acting_as(PROGRAM):
            told = self._get_response(request)
        if not request.path_info.startswith(PREFIX):
            return told
        if told.status_code >= 400 and told.headers.get("Content-Type") != MEDIA_TYPE:  # noqa: PLR2004
            told = _as_problem(told)
        # Personal data: no copy may stay anywhere on the way.
        told.headers["Cache-Control"] = "no-store"
        return told


def _as_problem(told: HttpResponse) -> HttpResponse:
    detail = _DETAILS.get(told.status_code, "the request was refused before it was read")
    kept = {name: told.headers[name] for name in ("Allow", "Retry-After") if name in told.headers}
    return answer(Refused(told.status_code, detail, headers=kept))
