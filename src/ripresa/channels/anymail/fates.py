"""What a service's answer means for the mail.

A status of HTTP says who is meant: 401 and 403 the account, 402 its money, 429 the pace, 400 and 422 this
mail, unless its words speak of the account. After 500, 502 and 504 nobody can tell.
"""

import re
from typing import Any

from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)

from ripresa.contracts.calling.fates import impossible, lasting, passing
from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused, Unknown

_MOST_DETAIL = 500
_CREDIT_WORDS = re.compile(
    r"\bcredits?\b|payment|billing|insufficient funds|quota|plan limit|monthly limit", re.IGNORECASE
)
_ACCOUNT_WORDS = re.compile(
    r"UnauthenticatedFromAddress|InvalidServerAPIKey|ServerSuspended|AccessDenied"  # Postal's
    r"|not (?:been )?verified|unverified|sender signature|not (?:allowed|authori[sz]ed) to send"
    r"|suspended|paused|pending approval|(?:account|api key|token) (?:is )?(?:disabled|inactive|invalid)",
    re.IGNORECASE,
)
# Postal and Mailjet answer 200 and mean no.
_SAYS_NO = re.compile(r'"status": "(?:error|parameter-error)"|"ErrorCode"')
# Amazon's names of errors: the API of SES, version 2.
_OF_AMAZON: dict[str, Any] = {
    "AccountSuspendedException": lasting,
    "SendingPausedException": lasting,
    "MailFromDomainNotVerifiedException": lasting,
    "NotFoundException": lasting,
    "AccessDeniedException": lasting,
    "UnrecognizedClientException": lasting,
    "InvalidClientTokenId": lasting,
    "InvalidSignatureException": lasting,
    "SignatureDoesNotMatch": lasting,
    "ExpiredTokenException": lasting,
    "TooManyRequestsException": passing,
    "LimitExceededException": passing,
    "ThrottlingException": passing,
}
# botocore's names for what happened before Amazon can have heard of it.
_NEVER_ASKED = frozenset({"ConnectTimeoutError", "EndpointConnectionError", "ProxyConnectionError"})


def fate_of_status(status: Any) -> Fate:
    """The fate of a mail that the service took over, or answered about in good order."""
    said = status.status or set()
    if said & {"invalid", "rejected", "failed"}:
        return _held_back(said, f"the service says {', '.join(sorted(said))}")
    if not said:
        return impossible("the mail names nobody to send it to")
    ids = (one.message_id for one in status.recipients.values() if one.message_id)
    return Accepted(str(next(ids, "taken over, without an id")))


def fate_of_error(error: AnymailError) -> Fate:
    """The fate of a mail whose hand-over anymail calls an error."""
    words = " ".join(str(error).split())[:_MOST_DETAIL]
    if isinstance(error, AnymailRecipientsRefused):
        return _held_back(error.email_message.anymail_status.status, words)
    if isinstance(
        error, AnymailUnsupportedFeature | AnymailInvalidAddress | AnymailSerializationError
    ):
        return impossible(words)
    if isinstance(error.response, dict):
        return _of_amazon(error.response.get("Error", {}).get("Code", ""), error, words)
    if error.status_code is not None:
        says_no = error.status_code == 200 and _SAYS_NO.search(words)  # noqa: PLR2004
        return _by_words(words) if says_no else _by_status(error.status_code, words)
    if type(error.__cause__).__name__ in _NEVER_ASKED:
        return passing(words)
    return Unknown(words)


def _by_status(status: int, words: str) -> Fate:
    match status:
        case 401 | 403 | 404 | 407:
            return lasting(words)
        case 402:
            return _unpaid(words)
        case 408 | 425 | 429 | 503:
            return passing(words)
        case _ if 300 <= status < 400:  # noqa: PLR2004
            return lasting(f"the service is not at this address (any more): {words}")
        case _:
            # Neither a success that can't be read nor a fault of the service's own says anything.
            return _by_words(words) if 400 <= status < 500 else Unknown(words)  # noqa: PLR2004


def _by_words(words: str) -> Fate:
    if _CREDIT_WORDS.search(words):
        return _unpaid(words)
    return lasting(words) if _ACCOUNT_WORDS.search(words) else impossible(words)


def _of_amazon(code: str, error: AnymailError, words: str) -> Fate:
    if code in _OF_AMAZON:
        fate: Fate = _OF_AMAZON[code](words)
        return fate
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    return _by_status(int(status), words)


def _held_back(said: set[str], words: str) -> Refused:
    """The service will not send to this address: there is no such, or it was told not to."""
    kind = RefusalKind.MAILBOX if said == {"invalid"} else RefusalKind.OTHER
    return Refused(permanent=True, kind=kind, detail=words)


def _unpaid(words: str) -> Refused:
    return Refused(permanent=False, kind=RefusalKind.CREDIT, detail=words)
