"""Names of blocks, settings and merge fields for people who never saw a tag, and what is wrong in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.connections.sayings import told_now
from ripresa.domain.templates.blocks.document import MOST_BLOCKS
from ripresa.domain.templates.language.fields import STAR_TAGS
from ripresa.usecases.templates import template_faults
from ripresa.usecases.templates.edit_template import NotATemplate

Words = Mapping[str, Promise | str]

BLOCKS: Words = {
    "heading": gettext_lazy("Heading"),
    "text": gettext_lazy("Text"),
    "button": gettext_lazy("Button"),
    "image": gettext_lazy("Image"),
    "columns": gettext_lazy("Columns"),
    "product": gettext_lazy("Product"),
    "cart": gettext_lazy("The cart's items"),
    "coupon": gettext_lazy("The coupon, if there is one"),
    "divider": gettext_lazy("Line"),
    "spacer": gettext_lazy("Space"),
    "social": gettext_lazy("Social networks"),
    "raw": gettext_lazy("MJML, for experts"),
    "paragraphs": gettext_lazy("Paragraphs"),
    "qr": gettext_lazy("QR code back to the cart"),
    "picture": gettext_lazy("Image"),
    "signature": gettext_lazy("Closing and signature"),
    "small": gettext_lazy("Small print"),
}
ALIGNS: Words = {
    "left": gettext_lazy("Left side"),
    "center": gettext_lazy("Centred"),
    "right": gettext_lazy("Right side"),
}
WHENS: Words = {
    "always": gettext_lazy("Everybody"),
    "coupon": gettext_lazy("Who gets a coupon"),
    "no_coupon": gettext_lazy("Who gets no coupon"),
    "bought": gettext_lazy("Who has bought before"),
    "new": gettext_lazy("Who never bought"),
}
SPLITS: Words = {
    "1:1": gettext_lazy("Two, the same width"),
    "1:2": gettext_lazy("Two, the right one wider"),
    "2:1": gettext_lazy("Two, the left one wider"),
    "1:1:1": gettext_lazy("Three"),
}
PRODUCTS: Words = {
    "first": gettext_lazy("The first of the cart"),
    "own": gettext_lazy("One of my choice"),
}
YES_NO: Words = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
SETTINGS: Words = {
    "qr": gettext_lazy("With a QR code"),
    "split": gettext_lazy("How many, how wide"),
    "product": gettext_lazy("Which product"),
    "price": gettext_lazy("Price, as readers see it"),
    "source": gettext_lazy("Or a picture elsewhere: its address"),
    "link": gettext_lazy("Leads to. Empty: back to the cart"),
    "height": gettext_lazy("Height in pixels"),
    "align": gettext_lazy("Where"),
    "size": gettext_lazy("Size of the letters"),
    "width": gettext_lazy("Width in per cent"),
    "colour": gettext_lazy("Colour"),
    "background": gettext_lazy("Background"),
    "above": gettext_lazy("Space above"),
    "below": gettext_lazy("Space below"),
    "when": gettext_lazy("Who sees it"),
}
# What the Insert menu offers and what a chip is called.
FIELDS: Words = {
    "person.first_name": gettext_lazy("First name"),
    "person.last_name": gettext_lazy("Last name"),
    "person.name": gettext_lazy("Full name"),
    "person.email": gettext_lazy("E-mail address"),
    "cart.total": gettext_lazy("Total of the cart"),
    "cart.item_count": gettext_lazy("Number of items"),
    "shop.name": gettext_lazy("Name of the shop"),
    "coupon.code": gettext_lazy("Coupon code"),
    "coupon.expires_at": gettext_lazy("Coupon valid until"),
    "agent.name": gettext_lazy("Name of the agent"),
    "links.restore": gettext_lazy("Link back to the cart"),
    "links.unsubscribe": gettext_lazy("Link to unsubscribe"),
    "links.view": gettext_lazy("Link to the mail in the browser"),
}
# Fields that may be empty: a chip of one has a fall-back.
MAYBE = (
    "person.first_name", "person.last_name", "person.name", "coupon.code", "coupon.expires_at",
    "agent.name",
)  # fmt: skip


def chips() -> dict[str, object]:
    """What the script of the editor knows of merge fields."""
    return {
        "fields": {
            name: {"label": str(title), "maybe": name in MAYBE} for name, title in FIELDS.items()
        },
        "stars": dict(STAR_TAGS),
        "forks": {
            "if": _("if there is: %(field)s"),
            "unless": _("if there is no: %(field)s"),
            "else": _("otherwise"),
            "endif": _("up to here"),
        },
        "ifUnknown": _("%(field)s, if unknown"),
        "link": _("Address of the link"),
    }


def refusal(wrong: NotATemplate) -> str:
    """Why a change was not made."""
    words = {
        "address": _("An address begins with https:// and has no blanks."),
        "colour": _("A colour is written #rrggbb."),
        "too_long": _("At most %(most)d characters; these are %(count)d."),
        "number": _("A number from %(least)s to %(most)s fits here."),
        "no_place": _("This block needs the whole width: it can't stand in a column."),
        "too_many": _("A text has at most %(count)s blocks.") % {"count": MOST_BLOCKS},
        "no_name": _("It needs a name."),
        "too_many_saved": _("There are too many saved blocks: remove some first."),
        "overtaken": _(
            "Somebody has changed this block meanwhile: here it is as it stands now. Make your change again."
        ),
        "gone": _("That is gone meanwhile. Reload the page."),
        "name": _("A name has small letters, digits, - and _ only, like spring-reminder."),
    }
    said = words.get(wrong.kind)
    if said is None:
        return str(wrong)
    return said % wrong.values if wrong.values else said


def fault(text: str) -> str:
    """What keeps a text from being sent."""
    words = {
        template_faults.MISSING: _("words are missing"),
        template_faults.NO_PICTURE: _("a picture is missing"),
        template_faults.NO_BLOCK: _("there is no block"),
    }
    return words.get(text) or told_now(text).text
