"""Feedback of a service's calls: anymail verifies and parses, here it becomes our vocabulary.

One hook serves for what a service tells of mails and for mails that came in: when anymail says that a call
belongs to its other view, the other one reads it.
"""

import io
import warnings
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailConfigurationError, AnymailWarning
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.utils.module_loading import import_string

from ripresa.channels.anymail.events import feedback_of
from ripresa.channels.anymail.service import Service, Settings
from ripresa.contracts.calling.sayings import laid_out, said_by
from ripresa.contracts.feedback import Feedback, HookRefused, HookReply, HookRequest
from ripresa.contracts.provider import BadSettings


class AnymailReader:
    """Reads the calls of one account; a `FeedbackReader`."""

    reply = HookReply()

    def __init__(self, service: Service, settings: Settings) -> None:
        """Raises BadSettings for a key that is none."""
        self._service = service
        self._settings = settings
        for name in (service.tracking, service.inbound):
            if name is not None:
                self._view(name)

    def read(self, request: HookRequest) -> list[Feedback]:
        """All that a call tells, in its order. Raises HookRefused."""
        if request.method != "POST":
            return []  # some services look whether anybody is there before they tell anything
        signed_by = self._service.signed_by
        if signed_by is not None and not self._settings[signed_by]:
            raise HookRefused(f"{self._service.label} signs its calls: set {signed_by}")
        self._service.admit(request, self._settings)
        return feedback_of(self._events(request), self._service, request)

    def _events(self, request: HookRequest) -> list[Any]:
        """What anymail makes of a call; a wrong signature, or nonsense, raises HookRefused."""
        refusals: list[Exception] = []
        for name in (self._service.tracking, self._service.inbound):
            if name is None:
                continue
            view, call = self._view(name), django_request(request)
            view.webhook_url = request.url  # Mandrill signs it; Django would guess it from a header
            try:
                view.run_validators(call)
                return list(view.parse_events(call) or ())
            except HookRefused:
                raise
            except Exception as error:  # noqa: BLE001
                # Whatever a stranger sends must end here: anymail trusts the form of what is signed.
                refusals.append(error)
        raise HookRefused(self._words(refusals)) from refusals[0]

    def _words(self, refusals: Sequence[Exception]) -> str:
        """Why no view could read a call; that it belongs to the other view is no reason by itself."""
        told = [one for one in refusals if not isinstance(one, AnymailConfigurationError)]
        error = (told or refusals)[0]
        if isinstance(error, SuspiciousOperation):
            return str(error)
        trouble = f"{self._service.label}'s call can't be read"
        return f"{trouble}: {type(error).__name__} {str(error)[:200]}"

    def _view(self, name: str) -> Any:
        options = self._service.hook_options(self._settings)
        try:
            with warnings.catch_warnings():
                # That no password guards a hook: its address is a secret of ours.
                warnings.simplefilter("ignore", AnymailWarning)
                return import_string(name)(**options)
        except (ImproperlyConfigured, ValueError) as error:
            raise BadSettings(
                laid_out("{service}: {error}", service=self._service.label, error=said_by(error))
            ) from error


def django_request(request: HookRequest) -> WSGIRequest:
    """The call as Django would have handed it to a view."""
    url = urlsplit(request.url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": url.path,
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(url.port or 443),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(request.body),
    }
    for name, value in request.headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    # CGI names these two without HTTP_ (RFC 3875 4.1).
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = str(len(request.body))
    return WSGIRequest(environ)
