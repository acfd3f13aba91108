"""Every address that Django answers. What begins with no shop's slug comes first."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ripresa.public.urls")),
    path("api/", include("ripresa.api.urls")),
    path("", include("ripresa.console.urls")),
]

handler400 = "ripresa.console.layout.errors.bad_request"
handler403 = "ripresa.console.layout.errors.not_allowed"
handler404 = "ripresa.console.layout.errors.not_found"
handler500 = "ripresa.console.layout.errors.broken"
