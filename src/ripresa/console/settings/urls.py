"""Addresses of the settings that live in this package."""

from django.urls import path

from ripresa.console.settings import consent, features, hours, own_hours, retention, shop, tracking

urlpatterns = [
    path("", shop.shop_settings, name="settings"),
    path("logo/", shop.logo, name="settings-logo"),
    path("features/", features.view, name="settings-features"),
    path("hours/", hours.view, name="settings-hours"),
    path("hours/week/", own_hours.week, name="settings-hours-week"),
    path("hours/holidays/", own_hours.holidays, name="settings-hours-holidays"),
    path("hours/save/", own_hours.save, name="settings-hours-save"),
    path("consent/", consent.view, name="settings-consent"),
    path("tracking/", tracking.view, name="settings-tracking"),
    path("retention/", retention.view, name="settings-retention"),
]
