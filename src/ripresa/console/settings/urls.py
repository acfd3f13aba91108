"""Addresses of the settings that live in this package."""

from django.urls import path

from ripresa.console.settings import shop

urlpatterns = [
    path("", shop.shop_settings, name="settings"),
]
