"""A shop, and its commands as a person types them."""

from tests.db.consent.conftest import ripresa, shop

__all__ = ["ripresa", "shop"]
