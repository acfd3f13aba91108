"""What files hold, how imports stand and what was wrong in a row, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.badges import Badge

KINDS = {"contacts": _("Customers"), "orders": _("Orders"), "carts": _("Carts")}
STATES = {
    "waiting": Badge(_("Not started"), "grey"),
    "running": Badge(_("Running"), "blue"),
    "stopped": Badge(_("Stopped"), "amber"),
    "failed": Badge(_("Failed"), "red"),
    "done": Badge(_("Finished"), "green"),
}
FIELDS = {
    "email": _("E-mail"),
    "phone": _("Phone"),
    "customer_id": _("Customer number"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "full_name": _("Full name"),
    "locale": _("Language"),
    "timezone": _("Time zone"),
    "agent": _("Agent"),
    "country": _("Country"),
    "street": _("Street"),
    "street2": _("Street, second line"),
    "postal_code": _("Postal code"),
    "city": _("City"),
    "region": _("Region"),
    "email_consent": _("E-mail consent"),
    "sms_consent": _("SMS consent"),
    "letter_consent": _("Letter consent"),
    "consent_at": _("Consent: when"),
    "consent_source": _("Consent: where"),
    "consent_text": _("Consent: the words"),
    "consent_version": _("Consent: version of the words"),
    "consent_ip": _("Consent: IP address"),
    "updated_at": _("Latest change"),
    "cart_token": _("Cart number"),
    "checkout_id": _("Checkout number"),
    "order_id": _("Order number"),
    "number": _("Order number as shown"),
    "placed_at": _("Ordered on"),
    "currency": _("Currency"),
    "total": _("Total"),
    "discount_total": _("Discount"),
    "tax_total": _("Tax"),
    "shipping_total": _("Shipping"),
    "codes": _("Coupon codes"),
    "status": _("State"),
    "cancelled_at": _("Cancelled on"),
    "refunded": _("Refunded"),
    "refunded_at": _("Refunded on"),
    "origin": _("Sales channel"),
    "left_at": _("Left on"),
    "restore_url": _("Link to the cart"),
    "contents": _("What is in the cart"),
    "sku": _("Article number"),
    "product_id": _("Product number"),
    "title": _("Product"),
    "variant": _("Variant"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "item_url": _("Link to the product"),
    "image_url": _("Link to its picture"),
}
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "iso-8859-2")
DELIMITERS = {
    ",": _("comma"),
    ";": _("semicolon"),
    "\t": _("tab"),
    "|": _("bar"),
}
