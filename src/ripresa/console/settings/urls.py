"""Addresses of the settings that live in this package."""

from django.urls import path

from ripresa.console.settings import consent, hours, retention, shop, tracking

urlpatterns = [
    path("", shop.shop_settings, name="settings"),
    path("hours/", hours.view, name="settings-hours"),
    path("consent/", consent.view, name="settings-consent"),
    path("tracking/", tracking.view, name="settings-tracking"),
    path("retention/", retention.view, name="settings-retention"),
]
