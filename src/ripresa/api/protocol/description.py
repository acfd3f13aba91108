"""The API's own description in OpenAPI 3.1: with the scope of each call, and how it may refuse."""

from http import HTTPStatus
from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from ripresa.api.protocol.access import Key
from ripresa.api.protocol.problems import MEDIA_TYPE, Problem

_REF = "#/components/schemas/{model}"
# What any address may answer, whatever it is about.
_EVERYWHERE = (400, 401, 403, 422, 429, 503)
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key of `ripresa key create`: Authorization: Bearer ak_…",
}


class Description(OpenAPISchema):
    """The description, from the types that the views declare."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """One call."""
        told: dict[str, Any] = super().operation_details(operation)
        more = {*_EVERYWHERE}
        if "{" in operation.path:
            more.add(404)
        if "requestBody" in told:
            more |= {413, 415}
        if operation.methods != ["GET"]:
            more.add(409)
        told["responses"] |= {status: _refusal(status) for status in sorted(more)}
        return told

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """The scope a key must have; None: no key is needed."""
        scopes = [key.scope for key in operation.auth_callbacks if isinstance(key, Key)]
        self.securitySchemes["key"] = _KEY
        return [{"key": scopes}] if scopes else None

    def get_components(self) -> dict[str, Any]:
        """All shapes by name."""
        problem = Problem.model_json_schema(mode="serialization", ref_template=_REF)
        self.schemas |= {**problem.pop("$defs"), "Problem": problem}
        components: dict[str, Any] = super().get_components()
        return components


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model="Problem")}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
