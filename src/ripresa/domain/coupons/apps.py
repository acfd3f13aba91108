"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The coupons slice."""

    name = "ripresa.domain.coupons"
    label = "coupons"
