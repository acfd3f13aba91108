"""Every address that Django answers. What begins with no shop's slug comes first."""

from django.urls import URLPattern, URLResolver, include, path

from ripresa.entrypoints.metrics import tell_metrics
from ripresa.public.installing import install_pages
from ripresa.usecases.connections import Connections


def _connections() -> Connections:
    # The registry knows every channel: whoever only shows pages does without.
    from ripresa.entrypoints.registry import CONNECTORS

    return Connections(CONNECTORS)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ripresa.public.urls")),
    *install_pages(_connections),
    path("api/", include("ripresa.api.urls")),
    path("metrics", tell_metrics),
    path("", include("ripresa.console.urls")),
]

handler400 = "ripresa.console.layout.errors.bad_request"
handler403 = "ripresa.console.layout.errors.not_allowed"
handler404 = "ripresa.console.layout.errors.not_found"
handler500 = "ripresa.console.layout.errors.broken"
