"""All pools with their stock, a new one, and one pool: what draws on it and who has got what."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.coupons.given import page_of
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.settings.fields import Form, typed_whole
from ripresa.contracts.calling.sayings import remade
from ripresa.domain.coupons import pools
from ripresa.domain.coupons.ends import NotADate, read_end
from ripresa.domain.coupons.minting import mints_of
from ripresa.domain.coupons.models import CouponMint, CouponPool
from ripresa.domain.coupons.operations import Stock, stock
from ripresa.domain.coupons.queries import find_pool, pool_ids
from ripresa.domain.coupons.rules import fault_of_code
from ripresa.usecases.coupons import keeping
from ripresa.usecases.coupons.uses import Use, list_uses
from ripresa.usecases.shops.change_shop import change_shop

_MOST_DAYS, _LONGEST_NAME = 3650, 100


class Row(NamedTuple):
    """A pool in the list, with what draws on it and how its codes are made."""

    id: UUID
    stock: Stock
    uses: list[Use]
    mint: CouponMint | None

    @property
    def has_ended(self) -> bool:
        """Whether it gives nothing any more, though it would be filled."""
        return self.stock.left == 0

    @property
    def trouble(self) -> str:
        """Why the shop makes no codes just now; empty if it does, or need not."""
        return "" if self.mint is None else remade(self.mint.trouble, self.mint.said)


@require_http_methods(["GET", "POST"])
@shop_page
def pool_list(request: ConsoleRequest) -> HttpResponse:
    """Pools by name; POST makes a new one."""
    form = Form()
    for name in ("name", "kind", "code", "expires"):
        form.show(name, "")
    form.show("low_water", pools.LOW_WATER)
    if request.method == "POST":
        answer = changes_shop(_begin)(request, form=form)
        if not form.problems:
            return answer
    form.show("days", "" if request.shop.coupon_gap is None else request.shop.coupon_gap.days)
    return show(
        request,
        "console/coupons/list.html",
        "coupons",
        status=422 if form.problems else 200,
        rows=rows_of(request),
        form=form,
    )


def rows_of(request: ConsoleRequest) -> list[Row]:
    """Every pool of the shop."""
    shop_id = request.shop.id
    ids = pool_ids(shop_id)
    uses = list_uses(shop_id)
    mints = mints_of(shop_id, list(ids.values()))
    return [
        Row(
            ids[one.pool],
            one,
            [use for use in uses if use.pool == one.pool],
            mints.get(ids[one.pool]),
        )
        for one in stock(shop_id=shop_id, now=request.now)
        if one.pool in ids
    ]


def _begin(request: ConsoleRequest, form: Form) -> HttpResponse:
    for name, field in form.items():
        field.value = line(request.POST.get(name)) or field.value
    _check(request, form)
    if form.problems:
        return HttpResponse(status=422)
    is_static = form["kind"].value == "static"
    try:
        end = read_end(form["expires"].value, zone=ZoneInfo(request.shop.timezone), order=None)
        made = keeping.make_pool(
            shop_id=request.shop.id,
            name=form["name"].value,
            now=request.now,
            code=form["code"].value if is_static else None,
            expires_at=end if is_static else None,
            low_water=typed_whole(request.POST, "low_water") or 0,
        )
    except pools.PoolExists:
        form["name"].problem = _("There is a pool of this name already.")
    except NotADate:
        form["expires"].problem = _("A date, like 2026-12-31.")
    else:
        return redirect("coupon-pool", request.shop.slug, made.id)
    return HttpResponse(status=422)


def _check(request: ConsoleRequest, form: Form) -> None:
    if not 0 < len(form["name"].value) <= _LONGEST_NAME:
        form["name"].problem = _("A name of up to 100 characters.")
    if form["kind"].value == "static":
        if fault_of_code(form["code"].value):
            form["code"].problem = _("Which code everybody gets.")
    elif typed_whole(request.POST, "low_water") is None:
        form["low_water"].problem = _("A whole number of up to six digits, like 20.")


@shop_page
def pool(request: ConsoleRequest, pool_id: UUID) -> HttpResponse:
    """One pool; htmx asks for the rows of the next page alone."""
    found = get_pool(request, pool_id)
    shown: dict[str, Any] = page_of(request, found)
    if request.htmx and request.GET.get("older"):
        return show_part(request, "console/coupons/_more.html", pool=found, **shown)
    row = next(one for one in rows_of(request) if one.id == found.id)
    return show(
        request,
        "console/coupons/pool.html",
        "coupons",
        pool=found,
        row=row,
        paused=[use for use in row.uses if use.kind == "scenario" and use.state == "paused"],
        **shown,
    )


@require_POST
@shop_page
@changes_shop
def mark(request: ConsoleRequest, pool_id: UUID) -> HttpResponse:
    """Warn at another number of codes."""
    found, wanted = get_pool(request, pool_id), typed_whole(request.POST, "low_water")
    if wanted is None:
        messages.warning(request, _("A whole number of up to six digits, like 20."))
    elif found.kind == "dynamic":
        keeping.set_mark(found, wanted, request.now)
        messages.success(request, _("Saved."))
    return redirect("coupon-pool", request.shop.slug, pool_id)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def empty(request: ConsoleRequest, pool_id: UUID) -> HttpResponse:
    """GET asks, POST throws away what nobody has got."""
    found = get_pool(request, pool_id)
    if request.method == "POST":
        gone = keeping.throw_away(found, request.now)
        text = ngettext("%d code is thrown away.", "%d codes are thrown away.", gone)
        messages.success(request, text % gone)
        return redirect("coupon-pool", request.shop.slug, pool_id)
    row = next(one for one in rows_of(request) if one.id == found.id)
    return show(request, "console/coupons/empty.html", "coupons", pool=found, row=row)


@require_POST
@shop_page
@changes_shop
def cap(request: ConsoleRequest) -> HttpResponse:
    """At most one new coupon for a person in so many days; nothing: as many as her carts earn."""
    days = typed_whole(request.POST, "days")
    if request.POST.get("days", "").strip() and not (days and days <= _MOST_DAYS):
        messages.warning(request, _("Days from 1 to 3650, or nothing."))
    else:
        gap = timedelta(days=days) if days else None
        change_shop(shop_id=request.shop.id, now=request.now, coupon_gap=gap)
        messages.success(request, _("Saved."))
    return redirect("coupons", request.shop.slug)


def get_pool(request: ConsoleRequest, pool_id: UUID) -> CouponPool:
    """A pool of the shop. Raises Http404."""
    found = find_pool(request.shop.id, pool_id)
    if found is None:
        raise Http404("no such pool in this shop")
    return found
