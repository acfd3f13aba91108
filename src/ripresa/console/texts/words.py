"""Names of blocks and merge fields for people who never saw a tag."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BLOCKS: Mapping[str, Promise | str] = {
    "heading": _("Heading"),
    "text": _("Text"),
    "button": _("Button"),
    "image": _("Image"),
    "divider": _("Line"),
    "spacer": _("Space"),
    "cart": _("The cart's items"),
    "coupon": _("The coupon, if there is one"),
}
# What an "Insert" list offers: a label, and the tag with its fall-back for whom it is not known.
INSERTS: Mapping[str, Promise | str] = {
    '{{ person.first_name | default("") }}': _("First name, or nothing"),
    "{{ cart.total }}": _("Total of the cart"),
    "{{ cart.item_count }}": _("Number of items"),
    "{{ shop.name }}": _("Name of the shop"),
    '{{ coupon.code | default("") }}': _("Coupon code, or nothing"),
    "{{ links.restore }}": _("Link back to the cart"),
    '{{ agent.name | default("") }}': _("Name of the agent, or nothing"),
}
