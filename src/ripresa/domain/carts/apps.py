"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The carts slice."""

    name = "ripresa.domain.carts"
    label = "carts"
