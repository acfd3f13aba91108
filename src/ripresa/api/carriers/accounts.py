"""Accounts with providers: which carry what, what is left on them, which are held."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page
from ripresa.api.protocol.problems import NotFound
from ripresa.api.protocol.values import Asked, Words
from ripresa.domain.providers import queries
from ripresa.domain.providers.models import ProviderAccount
from ripresa.usecases.providers import provider_accounts as use_case

router = Router(tags=["providers"])


class AccountShape(BaseModel):
    """An account with a provider. `settings` are the open ones alone: secrets are shown to nobody.

    `in_use`: it carries what the shop sends of its kind. `paused_at` set: what would leave waits.
    `balance`: what was left at `balance_at`, a decimal in `balance_unit`; null: it was never told.
    """

    id: UUID
    kind: str
    provider: str
    name: str
    in_use: bool
    settings: dict[str, str]
    balance: Decimal | None
    balance_unit: str
    balance_at: datetime | None
    paused_at: datetime | None
    paused_reason: str
    created_at: datetime

    @classmethod
    def of(cls, one: ProviderAccount) -> "AccountShape":
        """The same, as it travels."""
        own = [name for name in cls.model_fields if name != "in_use"]
        return cls(in_use=one.is_active, **{name: getattr(one, name) for name in own})


class AccountHeld(Asked):
    """Why an account is held."""

    reason: Annotated[Words, Field(min_length=1)] = "held by hand"


@router.get("/providers", response=Page[AccountShape], auth=READ, operation_id="list_accounts")
def get_accounts(request: ApiRequest) -> Page[AccountShape]:
    """All accounts of the shop by kind, those in use first, on one page."""
    items = [AccountShape.of(one) for one in queries.list_accounts(request.shop.id)]
    return Page[AccountShape](items=items, next=None)


@router.get("/providers/{account_id}", response=AccountShape, auth=READ, operation_id="get_account")
def get_account(request: ApiRequest, account_id: UUID) -> AccountShape:
    """One account."""
    return AccountShape.of(_find(request, account_id))


@router.post(
    "/providers/{account_id}/use", response=AccountShape, auth=WRITE, operation_id="use_account"
)
def use_account(request: ApiRequest, account_id: UUID) -> AccountShape:
    """Let an account carry what the shop sends of its kind from now on."""
    use_case.use_account(_find(request, account_id), now=request.now)
    return AccountShape.of(_find(request, account_id))


@router.post(
    "/providers/{account_id}/pause", response=AccountShape, auth=WRITE, operation_id="pause_account"
)
def pause_account(request: ApiRequest, account_id: UUID, asked: AccountHeld) -> AccountShape:
    """Hold what would leave through an account. Nothing planned is lost."""
    use_case.pause_account(_find(request, account_id), asked.reason, now=request.now)
    return AccountShape.of(_find(request, account_id))


@router.post(
    "/providers/{account_id}/resume",
    response=AccountShape,
    auth=WRITE,
    operation_id="resume_account",
)
def resume_account(request: ApiRequest, account_id: UUID) -> AccountShape:
    """Let messages leave through an account again; what waited is due at once."""
    account = _find(request, account_id)
    use_case.resume_account(shop_id=account.shop_id, account_id=account.id, now=request.now)
    return AccountShape.of(_find(request, account_id))


def _find(request: ApiRequest, account_id: UUID) -> ProviderAccount:
    found = queries.find_account(request.shop.id, account_id)
    if found is None:
        raise NotFound("account")
    return found
