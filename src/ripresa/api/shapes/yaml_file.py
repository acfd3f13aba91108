"""Files of scenarios and segments: YAML in, word for word out, what is wrong with one by its line."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from ripresa.api.protocol.problems import FieldError, Refused
from ripresa.domain.scenarios.file.document import ScenarioInvalid

MEDIA_TYPE = "application/yaml"  # RFC 9512
_TAKEN = frozenset({MEDIA_TYPE, "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"})
_BODY = {MEDIA_TYPE: {"schema": {"type": "string"}}}
FILE_IN: dict[str, Any] = {"requestBody": {"required": True, "content": _BODY}}
FILE_OUT: dict[str, Any] = {"responses": {200: {"description": "OK", "content": _BODY}}}


def read_file(request: HttpRequest) -> str:
    """The file in the body of a request. Raises Refused."""
    if request.content_type not in _TAKEN:
        raise Refused(415, f"send the file as {MEDIA_TYPE}")
    try:
        return request.body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Refused(400, f"the file is not UTF-8: byte {wrong.start} can't be read") from None


def answer_file(text: str) -> HttpResponse:
    """A file as it was published."""
    return HttpResponse(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def invalid(wrong: ScenarioInvalid) -> Refused:
    """422 with everything that is wrong with a file."""
    errors = [
        FieldError(
            field=problem.field, message=problem.message, file=wrong.file_name, line=problem.line
        )
        for problem in wrong.problems
    ]
    return Refused(422, str(wrong), errors=errors)
