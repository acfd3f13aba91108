"""What a request says about itself, before its body is read."""

from urllib.parse import parse_qs

import msgspec

from ripresa.intake.answers import Refused, Scope

_JSON = b"application/json"
_CHARSETS = {b"utf-8", b"utf8", b'"utf-8"'}


class Request(msgspec.Struct, frozen=True, gc=False):
    """One HTTP request. Header names are lower case; the later of two values counts."""

    method: str
    path: str
    headers: dict[bytes, bytes]
    scope: Scope

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        """The request of an ASGI scope of type `http`."""
        return cls(scope["method"], scope["path"], dict(scope["headers"]), scope)

    def require_json(self) -> None:
        """Raises Refused (415) unless the body says that it is JSON in UTF-8, not compressed."""
        content_type = self.headers.get(b"content-type", b"")
        if content_type != _JSON and not _is_json(content_type.lower()):
            raise Refused(415, "not_json_type", "send Content-Type: application/json, in UTF-8")
        if self.headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise Refused(415, "compressed", "send the body as it is, without Content-Encoding")

    def asks(self, name: str) -> bool:
        """Whether the query says `name=1`."""
        query = self.scope.get("query_string", b"")
        return parse_qs(query.decode("latin-1")).get(name) == ["1"]

    def asked(self, name: str) -> bytes:
        """What the query says of `name`; empty: nothing."""
        query = self.scope.get("query_string", b"")
        text: str = parse_qs(query.decode("latin-1")).get(name, [""])[0]
        return text.encode("latin-1", "replace")

    def user_agent(self) -> str | None:
        """The browser's name for itself."""
        return self.headers.get(b"user-agent", b"").decode("latin-1") or None

    def client_ip(self, *, trust_proxy: bool) -> str:
        """Who sent it. A proxy in front of us adds the address it saw as the last of the list."""
        if trust_proxy:
            named = [value for name, value in self.scope["headers"] if name == b"x-forwarded-for"]
            if named and (latest := named[-1].rpartition(b",")[2].strip()):
                return str(latest, "latin-1")
        client: tuple[str, int] | None = self.scope.get("client")
        return client[0] if client else ""


def _is_json(content_type: bytes) -> bool:
    kind, *parameters = (part.strip() for part in content_type.split(b";"))
    if kind != _JSON and not (kind.startswith(b"application/") and kind.endswith(b"+json")):
        return False
    charsets = [text[8:] for text in parameters if text.startswith(b"charset=")]
    return all(charset in _CHARSETS for charset in charsets)
