"""A pool of coupons that the scenario draws on, of which Ben has used one, and a file that waits."""

from io import BytesIO

from ripresa.core.ids import new_id
from ripresa.domain.coupons.models import CouponCode, CouponIssue, CouponPool
from ripresa.domain.imports.models import FileImport
from ripresa.usecases.coupons.files import keep_codes
from tests.db.coupons.pools import add_codes, make_pool
from tests.rows import DAY, T0
from tests.world import World

CODES = b"code;valid until\nWINE-A1;2027-03-31\nWINE-A2;2027-03-31\nBAROLO-1;\n"


def pool_of(world: World) -> CouponPool:
    """The pool, made when somebody first asks for it."""
    found = CouponPool.objects.filter(shop=world.shop, name="spring").first()
    if found is None:
        found = make_pool(world.shop, low_water=20)
        given, *_ = add_codes(found, ["BAROLO-1", "BAROLO-2", "BAROLO-3"])
        at = T0 - DAY
        CouponCode.objects.filter(shop=world.shop, id=given.id).update(reserved_at=at)
        CouponIssue.objects.create(
            shop=world.shop, id=new_id(at), pool_id=found.id, code_id=given.id, code=given.code,
            contact_id=world.ben.id, origin_kind="manual", origin_id=new_id(at), step="manual",
            reserved_at=at, sent_at=at,
        )  # fmt: skip
    return found


def file_of(world: World) -> FileImport:
    """A file that waits for a yes."""
    found = FileImport.objects.filter(shop=world.shop, kind="coupons", state="waiting").first()
    return found or keep_codes(
        shop=world.shop, pool=pool_of(world), name="wines.csv", content=BytesIO(CODES), now=T0
    )
