"""What a shop's pop-up says, for its pages."""

from ripresa.intake.access import Access
from ripresa.intake.answers import Answer, Header, Refused

_FOR_A_WHILE: Header = (b"cache-control", b"public, max-age=300")
_JSON: Header = (b"content-type", b"application/json")


def answer(access: Access) -> Answer:
    """The settings as JSON; 204 where the shop has none, or its script is switched off.

    Raises Refused (403) for a secret key.
    """
    if not access.is_public:
        raise Refused(403, "secret_key", "never put a secret key in a page: use a public one")
    if access.popup is None or not access.collect_enabled:
        return Answer(204, b"", (_FOR_A_WHILE,))
    return Answer(200, access.popup.encode(), (_JSON, _FOR_A_WHILE))
