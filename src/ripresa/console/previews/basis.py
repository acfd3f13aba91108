"""Whom a preview is for, as its address says."""

from uuid import UUID

from ripresa.console.layout.request import ConsoleRequest
from ripresa.usecases.templates.preview_message import Basis


def basis_of(request: ConsoleRequest, *, marks: bool = False) -> Basis:
    """A made-up cart or a real one, with a coupon or without."""
    asked = request.GET
    try:
        cart_id = UUID(asked["cart"]) if asked.get("cart") else None
    except ValueError:
        cart_id = None
    return Basis(
        cart_id=cart_id,
        with_coupon=asked.get("coupon") != "no",
        has_bought=asked.get("bought") == "yes",
        base=request.build_absolute_uri("/").rstrip("/"),
        marks=marks,
    )
