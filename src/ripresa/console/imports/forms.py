"""What people say of a file: which column holds what, how it is written, and who agreed to what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from ripresa.console.imports.words import DELIMITERS, ENCODINGS, FIELDS
from ripresa.console.layout.typed import line
from ripresa.domain.imports.models import FileImport
from ripresa.domain.shops.models import Shop
from ripresa.usecases.files.fields import KINDS
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.files.sampling import Sample

CHANNELS = ("email", "sms", "letter")


@dataclass(slots=True)
class Choice:
    """What was chosen on the page of columns, and what of it makes no sense, by field."""

    columns: Mapping[str, str]
    values: dict[str, str]
    agreed: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)

    def manner(self, shop: Shop) -> Manner:
        """The same as imports know it."""
        header = self.values["header"] != "no"
        agreed_at = ""
        if self.agreed and self.values["agreed_on"]:
            day = date.fromisoformat(self.values["agreed_on"])
            # The end of nobody's day: midnight where the shop is.
            at = datetime.combine(day, time(), ZoneInfo(shop.timezone))
            agreed_at = at.astimezone(UTC).isoformat()
        return Manner(
            columns=self.columns,
            encoding=self.values["encoding"],
            delimiter=self.values["delimiter"],
            header=header,
            decimal=self.values["decimal"],
            dates=self.values["dates"],
            consent_source=self.values["agreed_where"] if self.agreed else "",
            is_complete=True,
            agreed=self.agreed,
            agreed_at=agreed_at,
            agreed_text=self.values["agreed_text"] if self.agreed else "",
        )


def read(given: QueryDict, one: FileImport, sample: Sample, now: datetime) -> Choice:
    """The choice as it was sent; `problems` says what must be mended first."""
    known = KINDS[one.kind].words
    columns: dict[str, str] = {}
    problems: dict[str, str] = {}
    for column in sample.columns:
        chosen = given.get(f"column-{column.number}", "")
        if chosen in known and chosen in columns:
            problems["columns"] = _("Two columns hold “%s”: choose one.") % FIELDS[chosen]
        elif chosen in known:
            columns[chosen] = str(column.number)
    values = _values(given, sample)
    agreed: tuple[str, ...] = ()
    if one.kind == "contacts" and given.get("agreement") == "all":
        agreed = tuple(each for each in CHANNELS if each in given.getlist("agreed"))
        problems |= _wrong_proof(values, agreed, now)
    for group in sample.needs:
        if not any(name in columns for name in group):
            names = " / ".join(str(FIELDS[name]) for name in group)
            problems["columns"] = _("Choose the column that holds: %s") % names
    return Choice(columns, values, agreed, problems)


def chosen_before(sample: Sample) -> Choice:
    """What stands on the page before anything was sent."""
    manner = sample.manner
    on = manner.all_agreed_at
    values = {
        "header": "yes" if sample.has_names else "no",
        "encoding": sample.encoding,
        "delimiter": sample.delimiter,
        "decimal": manner.decimal,
        "dates": manner.dates,
        "agreed_on": f"{on:%Y-%m-%d}" if on else "",
        "agreed_where": manner.consent_source if manner.agreed else "",
        "agreed_text": manner.agreed_text,
    }
    held = {column.field: str(column.number) for column in sample.columns if column.field}
    return Choice(held, values, tuple(manner.agreed))


def _values(given: QueryDict, sample: Sample) -> dict[str, str]:
    known_encodings = {*ENCODINGS, sample.encoding}
    known_delimiters = {*DELIMITERS, sample.delimiter}
    allowed = {
        "header": {"yes", "no"},
        "encoding": known_encodings,
        "delimiter": known_delimiters,
        "decimal": {".", ","},
        "dates": {"dmy", "mdy"},
    }
    values = {
        name: given.get(name, "") if given.get(name) in words else ""
        for name, words in allowed.items()
    }
    typed = ("agreed_on", "agreed_where", "agreed_text")
    return values | {name: line(given.get(name)) for name in typed}


def _wrong_proof(values: dict[str, str], agreed: tuple[str, ...], now: datetime) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not agreed:
        wrong["agreed"] = _("To what did they agree? Choose at least one.")
    try:
        day = date.fromisoformat(values["agreed_on"])
        if day > now.date():
            wrong["agreed_on"] = _("That day has not come yet.")
    except ValueError:
        wrong["agreed_on"] = _("When did they agree? The proof needs the day.")
    if not values["agreed_where"]:
        wrong["agreed_where"] = _("Where did they agree? The proof needs the place.")
    if not values["agreed_text"]:
        wrong["agreed_text"] = _("To which words did they agree? The proof needs them.")
    return wrong
