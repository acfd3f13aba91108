"""What the shop's owner was told: what paused itself, and why."""

from datetime import datetime
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel

from ripresa.api.protocol.access import READ, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.domain.messages import owner_notices
from ripresa.domain.messages.models import OwnerNotice

router = Router(tags=["shop"])


class NoticeShape(BaseModel):
    """Something the owner has to know. `subject` and `text` are in the shop's language.

    `about`: a scenario, sender or pool by name. `mailed_at` null: not yet, or there was nobody to mail.
    """

    id: UUID
    kind: str
    about: str
    cause: str
    scenario_id: UUID | None
    subject: str
    text: str
    created_at: datetime
    mailed_at: datetime | None

    @classmethod
    def of(cls, notice: OwnerNotice, language: str) -> "NoticeShape":
        """The same, as it travels."""
        words = owner_notices.words_of(notice.kind, notice.about, notice.cause, language)
        own = [name for name in cls.model_fields if name not in {"subject", "text"}]
        return cls(
            subject=words.subject,
            text=words.text.strip(),
            **{name: getattr(notice, name) for name in own},
        )


@router.get("/notices", response=Page[NoticeShape], auth=READ, operation_id="list_notices")
def list_notices(request: ApiRequest, asked: Query[Paging]) -> Page[NoticeShape]:
    """What the owner was told, the newest first: what paused itself, or soon will, and why."""
    found = owner_notices.list_notices(
        shop_id=request.shop.id, older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    shapes = [NoticeShape.of(row, request.shop.language) for row in rows]
    return Page[NoticeShape](items=shapes, next=following)
