"""Django's view of the public pages."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Pages a shopper meets."""

    name = "ripresa.public"
    label = "public"
