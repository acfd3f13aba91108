"""The pages that install an app in a shop: off to the shop, and back. For whoever runs the shop."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.installing import INSTALL_BACK, INSTALL_PATH
from ripresa.core.config import ConfigError, load
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.shops.models import Shop
from ripresa.public import pages
from ripresa.public.links import NOWHERE
from ripresa.public.request import PublicRequest
from ripresa.usecases.connected.installing import Installer, NoSuchInstall
from ripresa.usecases.connections import Connections

_COOKIE = "ripresa_install"
_COOKIE_SECONDS = 15 * 60
_MOST_BYTES = 10_000
_TROUBLES = (HookRefused, ShopAway, NotLetIn, BadSettings, CannotOpen, ConfigError)


@dataclass(frozen=True, slots=True)
class InstallPages:
    """Pages over `connections`, which are looked up when somebody comes."""

    connections: Callable[[], Connections]

    def begin(self, request: PublicRequest, platform: str, token: str) -> HttpResponse:
        """Send the user to the shop. Changes nothing."""
        try:
            begun = self._installer().begin(platform, token, request.now)
        except NoSuchInstall:
            return pages.nothing_there(request, NOWHERE)
        except _TROUBLES as trouble:
            return _refused(request, trouble)
        answer = HttpResponseRedirect(begun.address)
        answer.set_cookie(
            _COOKIE,
            begun.nonce,
            max_age=_COOKIE_SECONDS,
            path=INSTALL_PATH,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return pages.guarded(answer)

    def back(self, request: PublicRequest, platform: str) -> HttpResponse:
        """Take what the shop sent the user back with. A GET that changes something, as OAuth has it."""
        nonce = request.COOKIES.get(_COOKIE, "")
        try:
            made = self._installer().finish(platform, request.GET.dict(), nonce, request.now)
        except NoSuchInstall:
            return pages.nothing_there(request, NOWHERE)
        except _TROUBLES as trouble:
            return _refused(request, trouble)
        shop = Shop.objects.get(id=made.shop_id)
        answer = pages.show(request, "public/installed.html", shop, made=made)
        answer.delete_cookie(_COOKIE, path=INSTALL_PATH)
        return answer

    def called(self, request: PublicRequest, platform: str, state: str) -> HttpResponse:
        """Take what the shop itself calls with, before it sends the user back."""
        if len(request.body) > _MOST_BYTES:
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            self._installer().receive(platform, state, request.body, request.now)
        except NoSuchInstall:
            return HttpResponse(status=HTTPStatus.NOT_FOUND)
        except _TROUBLES as trouble:
            words, status = str(trouble), HTTPStatus.BAD_REQUEST
            return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=HTTPStatus.OK)

    def _installer(self) -> Installer:
        return Installer(self.connections(), load())


def install_pages(connections: Callable[[], Connections]) -> list[URLPattern]:
    """The addresses of an installation, beside those that stand in mails."""
    views, root = InstallPages(connections), INSTALL_PATH.lstrip("/")
    return [
        path(f"{root}<slug:platform>{INSTALL_BACK}", require_safe(views.back), name="install-back"),
        path(
            f"{root}<slug:platform>{INSTALL_BACK}/<str:state>",
            # The sealed state in the address is the authority: a shop has neither cookie nor form.
            csrf_exempt(require_POST(views.called)),
            name="install-called",
        ),
        path(f"{root}<slug:platform>/<slug:token>", require_safe(views.begin), name="install"),
    ]


def _refused(request: PublicRequest, trouble: Exception) -> HttpResponse:
    return pages.show(
        request,
        "public/installed.html",
        None,
        status=HTTPStatus.BAD_REQUEST,
        trouble=str(trouble),
    )
