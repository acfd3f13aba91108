"""Addresses of the settings that live in this package."""

from django.urls import path

from ripresa.console.settings import consent, features, hours, own_hours, retention, shop, tracking
from ripresa.console.settings.legal import own_bases

urlpatterns = [
    path("", shop.shop_settings, name="settings"),
    path("logo/", shop.logo, name="settings-logo"),
    path("features/", features.view, name="settings-features"),
    path("hours/", hours.view, name="settings-hours"),
    path("hours/week/", own_hours.week, name="settings-hours-week"),
    path("hours/holidays/", own_hours.holidays, name="settings-hours-holidays"),
    path("hours/save/", own_hours.save, name="settings-hours-save"),
    path("consent/", consent.view, name="settings-consent"),
    path("consent/own/", own_bases.own_basis, name="settings-consent-own"),
    path("consent/own/save/", own_bases.save, name="settings-consent-save"),
    path("tracking/", tracking.view, name="settings-tracking"),
    path("retention/", retention.view, name="settings-retention"),
]
