"""Signing in by a passkey: two calls of passkeys.js. The device finds the passkey, no name is typed."""

import json
from base64 import b64decode, b64encode
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.session.entering import enter, half_entered, target_of
from ripresa.usecases.signin import passkeys
from ripresa.usecases.signin.passkeys import Asked, NotProven

_CHALLENGE = "passkey"
_MOST_BYTES = 20_000


@never_cache
@require_POST
def options(request: ConsoleRequest) -> HttpResponse:
    """What the device is asked; its challenge stays in the session."""
    return ask(request, passkeys.ask_who())


@never_cache
@require_POST
def sign_in(request: ConsoleRequest) -> HttpResponse:
    """The device's answer: whoever it is, is signed in."""
    half = half_entered(request)
    asked = request.GET.get("next", "")
    try:
        answer, challenge = answered(request)
        user = passkeys.who_is(answer=answer, challenge=challenge, now=request.now)
    except NotProven:
        return refused(_("This passkey is not known here. Sign in with your password instead."))
    if half is not None and user.id != half.user.id:
        return refused(_("This passkey is somebody else's."))
    target = half.next if half else target_of(request, asked)
    enter(request, user, "passkey")
    return JsonResponse({"to": target})


def ask(request: ConsoleRequest, asked: Asked) -> HttpResponse:
    """Hand the question to the browser."""
    request.session[_CHALLENGE] = b64encode(asked.challenge).decode()
    return HttpResponse(asked.options, content_type="application/json")


def answered(request: ConsoleRequest) -> tuple[dict[str, Any], bytes]:
    """The browser's answer and the challenge it is to carry, which is over now. Raises NotProven."""
    challenge = request.session.pop(_CHALLENGE, "")
    if not challenge or len(request.body) > _MOST_BYTES:
        raise NotProven
    try:
        answer = json.loads(request.body)
    except ValueError:
        raise NotProven from None
    if not isinstance(answer, dict):
        raise NotProven
    return answer, b64decode(challenge)


def refused(words: str) -> HttpResponse:
    """What passkeys.js shows."""
    return JsonResponse({"problem": words}, status=422)
