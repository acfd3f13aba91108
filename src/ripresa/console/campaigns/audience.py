"""The first step: what a campaign is called and speaks of, and who gets it."""

from dataclasses import dataclass, field
from io import StringIO
from typing import Any, cast

from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from ripresa.console.campaigns.words import ABOUT
from ripresa.console.conditions import tree, words
from ripresa.console.layout.forms import UNITS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.segments import presets, written
from ripresa.console.segments.builder import Edited
from ripresa.console.segments.views import people_shown
from ripresa.domain.campaigns.plan import About, narrowed
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.editing import ScenarioText, one_line
from ripresa.domain.segments import queries
from ripresa.domain.segments.conditions import Condition
from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.reading import SegmentFile, parse_segment

_FILE = "campaign.yaml"


@dataclass(slots=True)
class Asked:
    """The audience as the form has it. `source`: segment or own; `edited` are the rows of the own."""

    name: str
    about: str
    source: str
    segment: str
    edited: Edited
    segments: dict[str, Segment]
    is_odd: bool = False  # a condition that only a file can say
    wrong: dict[str, str] = field(default_factory=dict)


def stored(request: ConsoleRequest, campaign: ScenarioText) -> Asked:
    """The audience as the file has it."""
    segment = str(campaign.get("audience", "segment", default=""))
    condition = _own(request, campaign)
    top = None if condition is None else written.tree_of(condition)
    has_own = campaign.get("audience", "when") is not None
    name = str(campaign.get("name", default=""))
    asked = Asked(
        name,
        str(campaign.get("about", default="abandoned_cart")),
        "segment" if segment or not has_own else "own",
        segment,
        Edited(None, name, "", top or presets.tree_for("")),
        _segments(request),
        is_odd=has_own and top is None,
    )
    _look(asked, condition)
    return asked


def _segments(request: ConsoleRequest) -> dict[str, Segment]:
    return {one.name: one for one in queries.list_segments(request.shop.id)}


def _own(request: ConsoleRequest, campaign: ScenarioText) -> Condition | None:
    when = campaign.get("audience", "when")
    if when is None:
        return None
    out = StringIO()
    YAML().dump({"name": "?", "when": when}, out)
    try:
        found = parse_segment(out.getvalue(), file_name=_FILE, currency=request.shop.currency)
    except ScenarioInvalid:
        return None
    return found.condition


def take(request: ConsoleRequest, campaign: ScenarioText) -> Asked:
    """Put what was typed into the file; what is wrong stays out of it."""
    given = request.POST
    name, about = line(given.get("name")), given.get("about", "")
    source = "own" if given.get("source") == "own" else "segment"
    segment = line(given.get("segment"))
    asked = Asked(
        name, about, source, segment, Edited(None, name, "", tree.read(given)), _segments(request),
        is_odd="odd" in given,
    )  # fmt: skip
    if name:
        campaign.put(("name",), name)
    else:
        asked.wrong["name"] = _("It needs a name.")
    if about in ABOUT:
        campaign.put(("about",), about)
    if source == "segment":
        _take_segment(asked, campaign)
        _look(asked, None)
    elif not asked.is_odd:
        _look(asked, _take_rows(request, asked, campaign))
    return asked


def _take_segment(asked: Asked, campaign: ScenarioText) -> None:
    if not asked.segment:
        asked.wrong["segment"] = _("Choose a segment.")
    elif asked.segment != campaign.get("audience", "segment"):
        campaign.put(("audience",), one_line({"segment": asked.segment}))


def _take_rows(request: ConsoleRequest, asked: Asked, campaign: ScenarioText) -> Condition | None:
    top = asked.edited.top or presets.tree_for("")
    tree.change(top, request.POST.get("do", ""))
    before = campaign.get("audience", "when")
    own = written.condition_of(top, request.shop.currency)
    if not tree.is_right(top):
        return None
    campaign.put(("audience",), {"when": own})
    found = _own(request, campaign)
    if found is None and before is not None:
        campaign.put(("audience",), {"when": before})
    return found


def _look(asked: Asked, own: Condition | None) -> None:
    """For whom it is as it stands, if anybody can tell."""
    condition = own
    if asked.source == "segment":
        chosen = asked.segments.get(asked.segment)
        condition = None if chosen is None else queries.condition_of(chosen)
    if condition is not None and asked.about in ABOUT:
        asked.edited.read = SegmentFile(asked.name, narrowed(cast("About", asked.about), condition))


def shown(request: ConsoleRequest, asked: Asked) -> dict[str, Any]:
    """What the templates of the step need."""
    edited = asked.edited
    people = people_shown(request, edited.read.condition) if edited.read else {}
    return {
        "asked": asked,
        "edited": edited,
        "segment": None,
        "segments": list(asked.segments),
        "abouts": ABOUT,
        "words": words,
        "units": UNITS,
        **people,
    }
