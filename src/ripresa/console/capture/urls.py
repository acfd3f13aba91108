"""Addresses of what is heard and how."""

from django.urls import path

from ripresa.console.capture import health, popup, shadow, storefront

urlpatterns = [
    path("health/", health.health, name="health"),
    path("health/probe/", health.send_probe, name="health-probe"),
    path("health/patience/", health.set_patience, name="health-patience"),
    path("storefront/", storefront.storefront, name="storefront"),
    path("storefront/key/", storefront.make_key, name="storefront-key"),
    path("popup/", popup.popup_page, name="popup"),
    path("popup/preview/", popup.preview, name="popup-preview"),
    path("shadow/", shadow.shadow, name="shadow"),
]
