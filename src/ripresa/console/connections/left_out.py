"""Why something of a shop's call, or a row of a file, was left out: by its code, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "nobody": _("Nobody is named: an e-mail address, a phone or a customer number is needed."),
    "no_proof": _("A yes needs its proof: when it was said, and where."),
    "missing": _("Something that is needed is missing."),
    "not_yet": _("That day has not come yet."),
    "not_a_quantity": _("This is no number of pieces."),
    "not_an_amount": _("This is no amount of money."),
    "not_an_instant": _("This is no date."),
    "not_a_state": _("This is neither a yes nor a no: write granted or denied."),
    "not_an_email": _("This is no e-mail address."),
    "not_a_country": _("No such country: write two letters, like IT."),
    "not_a_phone": _("This is no phone number: write it like +39…"),
    "not_a_locale": _("No such language: write it like it or it-IT."),
    "not_a_timezone": _("No such time zone: write it like Europe/Rome."),
    "not_a_currency": _("No such currency: write three letters, like EUR."),
    "not_a_url": _("This is no link."),
    "not_json": _("This can't be read as JSON."),
    "not_an_object": _("This has the wrong shape."),
    "wrong_type": _("This is of the wrong kind: a number instead of a text, for instance."),
    "empty": _("This is empty."),
    "too_many_entries": _("There are too many entries."),
    "bad_text": _("This text holds characters that can't be stored."),
    "unknown_type": _("Nobody knows this kind of event."),
    "forbidden_type": _("The key may not tell of this kind of event."),
    "forbidden_field": _("The key may not say this."),
    "not_an_id": _("This is no usable number or id."),
    "not_a_decimal": _("This is no amount of money."),
    "out_of_range": _("This is too small or too large."),
    "not_a_consent": _("This is neither a yes nor a no: write granted or denied."),
    "too_many": _("Too many others were named in the past hour."),
    "not_storable": _("The database could not store this."),
    "foreign_url": _("This link leads to another site than the shop's."),
    "link_in_text": _("There is a link in the text."),
    "too_long": _("This is too long."),
}


def left_out(problem: Mapping[str, str]) -> str:
    """Why something of a shop's call was left out: by its code; older ones have none and stay."""
    return str(PROBLEMS.get(problem.get("code", ""), problem["message"]))
