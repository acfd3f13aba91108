"""A file that Ada has brought and not begun yet, and what it holds."""

from io import BytesIO

from ripresa.domain.imports.models import FileImport
from ripresa.usecases.files.bringing import Brought, bring
from ripresa.usecases.files.manner import Manner
from tests.rows import T0
from tests.world import World

PEOPLE = (
    "E-Mail;Name;Telefon;Newsletter;Notes\n"
    "gina@mail.test;Gina;+393339876543;;likes red\n"
    "no address;Hugo;;;\n"
    "ines@mail.test;Ines;12;no;\n"
)


def import_of(world: World) -> FileImport:
    """Made when somebody first asks for it."""
    found = FileImport.objects.filter(shop=world.shop, kind="contacts").first()
    return found or bring(
        shop=world.shop,
        brought=Brought("contacts", "people.csv", "", Manner()),
        content=BytesIO(PEOPLE.encode()),
        now=T0,
    )
