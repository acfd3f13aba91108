"""What is done to one person by hand; each leads back to her profile with a word about it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned, line
from ripresa.console.templatetags.console import person
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.domain.contacts.suppressions.by_hand import Deed
from ripresa.usecases.consent.change_consent import NotAConsent
from ripresa.usecases.consent.suppressions import NeedsConfirmation, NotAnAddress, NotListed
from ripresa.usecases.contacts import look_after_person
from ripresa.usecases.contacts.split_contact import CannotSplit
from ripresa.usecases.personal_data.readable import page_of

Doing = Callable[[ConsoleRequest, Contact], tuple[str, bool]]


def get_person(request: ConsoleRequest, contact_id: UUID) -> Contact:
    """A person of this shop who is not erased, or 404."""
    found = contacts.find_contact(request.shop.id, contact_id)
    if found is None or found.erased_at is not None:
        raise Http404("no such customer in this shop")
    return found


def _action(doing: Doing) -> Callable[..., HttpResponse]:
    """The address of a deed: POST only, back to the profile. `doing` says what happened, and if well."""

    @require_POST
    @shop_page
    @changes_shop
    def done(request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
        said, is_well = doing(request, get_person(request, contact_id))
        messages.add_message(request, messages.SUCCESS if is_well else messages.WARNING, said)
        return redirect("customer", request.shop.slug, contact_id)

    return done


def _consent(request: ConsoleRequest, contact: Contact) -> tuple[str, bool]:
    channel, state = request.POST.get("channel", ""), request.POST.get("state", "")
    where, text = line(request.POST.get("where")), line(request.POST.get("text"))
    if state == "granted" and not (where and text):
        return _("A yes needs its proof: where it was said, and in which words."), False
    if not where:
        return _("Say how she told you: the proof needs it."), False
    try:
        look_after_person.write_consent_down(
            contact,
            states={channel: state},
            where=where,
            text=text,
            who=request.user.get_username(),
            now=request.now,
        )
    except NotAConsent:
        return _("That can't be written down; nothing was changed."), False
    return _("It is written down, with its proof, and in force."), True


def _deed(request: ConsoleRequest) -> Deed:
    return Deed(request.user.get_username(), line(request.POST.get("why")))


def _suppress(request: ConsoleRequest, contact: Contact) -> tuple[str, bool]:
    address = request.POST.get("address", "")
    if address not in _addresses(contact):
        return _("That is none of her addresses; nothing was changed."), False
    try:
        look_after_person.stop_address(contact, address, deed=_deed(request), now=request.now)
    except NotAnAddress:
        return _("That is none of her addresses; nothing was changed."), False
    return _("Nothing goes to %s any more.") % address, True


def _lift(request: ConsoleRequest, contact: Contact) -> tuple[str, bool]:
    address = request.POST.get("address", "")
    if address not in _addresses(contact):
        return _("That is none of her addresses; nothing was changed."), False
    try:
        look_after_person.free_address(
            contact,
            address,
            deed=_deed(request),
            confirmed=request.POST.get("sure") == "yes",
            now=request.now,
        )
    except NeedsConfirmation:
        return _("It bounced or complained: tick that you are sure, and say why."), False
    except (NotListed, NotAnAddress):
        return _("It is not on the list; nothing was changed."), False
    return _("%s may be written to again.") % address, True


def _addresses(contact: Contact) -> list[str]:
    return contacts.addresses_of(contact, contacts.keys_of(contact.shop_id, contact.id))


def _split(request: ConsoleRequest, contact: Contact) -> tuple[str, bool]:
    hers = set(contacts.keys_of(contact.shop_id, contact.id))
    chosen = [key for key in request.POST.getlist("key") if key in hers]
    try:
        look_after_person.part_keys(contact, chosen, now=request.now)
    except CannotSplit:
        return _("Choose at least one key to take out, and leave at least one."), False
    return _("The keys are parted in a moment; what hangs on them goes with them."), True


consent = _action(_consent)
suppress = _action(_suppress)
lift = _action(_lift)
split = _action(_split)


@shop_page
@changes_shop
def data(request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
    """Everything that is kept of her, as a page to hand to her."""
    contact = get_person(request, contact_id)
    told = look_after_person.tell_all(contact, now=request.now)
    if told is None:
        raise Http404("no such customer in this shop")
    answer = HttpResponse(page_of(told, request.shop.name, request.shop.language))
    answer.headers["Content-Disposition"] = f'attachment; filename="{contact.id}.html"'
    return answer


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def erase(request: ConsoleRequest, contact_id: UUID) -> HttpResponse:
    """GET asks, POST erases, if her name stands where it is asked for."""
    contact = get_person(request, contact_id)
    called = str(person(contact))
    problem = ""
    if request.method == "POST":
        if cleaned(request.POST.get("name")).casefold() == cleaned(called).casefold():
            look_after_person.erase(contact, who=request.user.get_username(), now=request.now)
            messages.success(request, _("She is erased. The shop's figures stay, without her."))
            return redirect("customers", request.shop.slug)
        problem = _("That is not what stands above.")
    return show(
        request,
        "console/customers/erase.html",
        "customers",
        status=422 if problem else 200,
        contact=contact,
        called=called,
        problem=problem,
    )
