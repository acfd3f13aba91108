"""Accounts with providers: what is left on them, adding one from what its provider declares, trying it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.carriers import there
from ripresa.console.connections.declared import Field, Form, Way, free_name, read
from ripresa.console.connections.sayings import told_now
from ripresa.console.connections.words import FieldWords
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.frame import show_settings
from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.provider import BadSettings, Provider
from ripresa.core.config import ConfigError, load
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.providers import queries
from ripresa.domain.providers.models import ProviderAccount
from ripresa.domain.providers.operations import AccountExists
from ripresa.usecases.providers import provider_accounts
from ripresa.usecases.providers.provider_accounts import hook_url
from ripresa.usecases.trials.try_account import try_out

ROOM = "settings-channels"
KINDS: dict[str, Promise | str] = {
    "email": gettext_lazy("E-mail"),
    "sms": gettext_lazy("SMS"),
    "letter": gettext_lazy("Letter"),
    "notice": gettext_lazy("Notices to agents"),
    "mailbox": gettext_lazy("Mailbox for bounces and answers"),
}


@shop_page
def account_list(request: ConsoleRequest) -> HttpResponse:
    """The accounts by kind, and what can be added."""
    accounts = queries.list_accounts(request.shop.id)
    offered = there.providers().values()
    kinds = [
        (
            title,
            [one for one in accounts if one.kind == kind],
            [one for one in offered if one.kind.value == kind],
        )
        for kind, title in KINDS.items()
    ]
    return show_settings(request, "console/carriers/accounts.html", ROOM, kinds=kinds)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def add(request: ConsoleRequest, provider: str) -> HttpResponse:
    """The form of a provider; POST adds an account and puts it to use."""
    known = there.providers().get(provider)
    if known is None:
        raise Http404("there is no such provider")
    form, name = _form(known, None), ""
    if request.method == "POST":
        given = read(form, request.POST)
        taken = {one.name for one in queries.list_accounts(request.shop.id)}
        name = free_name(request.POST.get("name", ""), provider, taken)
        if not form.has_problems and (made := _added(request, form, known, name, given)):
            return redirect("settings-channel", request.shop.slug, made.id)
    return show_settings(
        request,
        "console/carriers/account_form.html",
        ROOM,
        status=422 if form.has_problems else 200,
        provider=known,
        form=form,
        name=name,
    )


def _added(
    request: ConsoleRequest, form: Form, provider: Provider, name: str, given: dict[str, str]
) -> ProviderAccount | None:
    try:
        made = there.all_accounts().add(
            shop_id=request.shop.id,
            provider_name=provider.name,
            name=name,
            given=given,
            now=request.now,
        )
    except AccountExists:
        form.problem = _("There is an account of this name already.")
    except (BadSettings, ConfigError) as wrong:
        form.problem = said_by(wrong)
    else:
        messages.success(request, _("%s carries what the shop sends from now on.") % made.name)
        return made
    return None


def _form(provider: Provider, account: ProviderAccount | None) -> Form:
    form = Form(Way("", "", "", (), {}))
    for setting in provider.settings:
        words = FieldWords(_(setting.label), _(setting.help))
        field = Field(setting.name, words, setting.default or "", is_secret=setting.is_secret)
        field.is_needed = setting.default is None and not (account and setting.is_secret)
        field.is_kept = account is not None and setting.is_secret
        if account is not None and not setting.is_secret:
            field.value = account.settings.get(setting.name, field.value)
        (form.more if setting.default is not None else form.fields).append(field)
    return form


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def account(request: ConsoleRequest, account_id: UUID) -> HttpResponse:
    """One account: how it stands, its settings, the address for its provider's reports; POST changes it."""
    found = _get(request, account_id)
    provider = there.providers().get(found.provider)
    if provider is None:
        raise Http404("there is no such provider any more")
    form = _form(provider, found)
    if request.method == "POST":
        given = read(form, request.POST)
        if not form.has_problems:
            try:
                there.all_accounts().change(found, given, now=request.now)
            except (BadSettings, CannotOpen, ConfigError) as wrong:
                form.problem = said_by(wrong)
            else:
                messages.success(request, _("Saved."))
                return redirect("settings-channel", request.shop.slug, account_id)
    return show_settings(
        request,
        "console/carriers/account.html",
        ROOM,
        status=422 if form.has_problems else 200,
        account=found,
        provider=provider,
        kind=KINDS[found.kind],
        form=form,
        hook=hook_url(found, load()),
    )


@require_POST
@shop_page
@changes_shop
def act(request: ConsoleRequest, account_id: UUID) -> HttpResponse:
    """Try, use, hold, resume or forget an account."""
    found = _get(request, account_id)
    match request.POST.get("do"):
        case "try":
            _try(request, found)
        case "use":
            provider_accounts.use_account(found, now=request.now)
        case "pause":
            provider_accounts.pause_account(found, say("held by hand"), now=request.now)
        case "resume":
            provider_accounts.resume_account(
                shop_id=found.shop_id, account_id=found.id, now=request.now
            )
        case "remove" if request.POST.get("sure") == "yes":
            provider_accounts.remove_account(found, now=request.now)
            messages.success(request, _("The account and its secrets are forgotten."))
            return redirect(ROOM, request.shop.slug)
    return redirect("settings-channel", request.shop.slug, account_id)


def _try(request: ConsoleRequest, found: ProviderAccount) -> None:
    """Sign in and send nothing."""
    try:
        channel = there.all_accounts().open(found)
    except (BadSettings, CannotOpen, ConfigError) as wrong:
        messages.warning(request, told_now(said_by(wrong)).text)
        return
    try:
        tried = try_out(channel)
    finally:
        channel.close()
    if tried is None:
        messages.info(request, _("This provider can’t be asked without sending."))
    elif tried.is_good:
        messages.success(request, _("It works: %s") % told_now(tried.found).text)
    else:
        messages.warning(request, _("It can’t be used: %s") % told_now(tried.found).text)


def _get(request: ConsoleRequest, account_id: UUID) -> ProviderAccount:
    found: Any = queries.find_account(request.shop.id, account_id)
    if found is None:
        raise Http404("no such account in this shop")
    kept: ProviderAccount = found
    return kept
