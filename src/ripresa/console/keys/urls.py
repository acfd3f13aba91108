"""Addresses of the keys."""

from django.urls import path

from ripresa.console.keys import views

urlpatterns = [
    path("", views.keys, name="keys"),
    path("<uuid:key_id>/revoke/", views.revoke, name="key-revoke"),
]
