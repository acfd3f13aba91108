"""The Design step: each message in each of its channels and languages, as it will read."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise

from ripresa.console.layout.badges import TEMPLATES
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.steps.titles import numbered
from ripresa.console.wizard import texts
from ripresa.console.wizard.texts import StepRow
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.templates.catalogue import is_preset
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.templates.own_templates import list_templates
from ripresa.usecases.templates.preview_message import NothingToShow, Preview, preview_message


class Tab(NamedTuple):
    """One tab: what its address asks for, what it is called, and whether words are missing there."""

    code: str
    title: str
    is_chosen: bool
    is_missing: bool


def show(request: ConsoleRequest, draft: ScenarioDraft) -> dict[str, Any]:
    """The form with a template for each message, and the one message that is looked at."""
    scenario = ScenarioText(draft.text)
    form, rows = texts.show_design(scenario)
    _form, speaks = texts.show_language(scenario, request.shop.language)
    shelf = Texts(request.shop.id)
    fits = fitting(shelf, [row.channels for row in rows])
    return {
        "form": form,
        "rows": list(zip(rows, fits, strict=True)),
        **_seen(request, rows, speaks, shelf),
    }


def fitting(shelf: Texts, wanted: Sequence[Sequence[str]]) -> list[list[tuple[str, Promise | str]]]:
    """For each set of channels the texts, name and title, that fit all of them."""
    there = shelf.list_all()
    return [
        [
            (one.name, TEMPLATES.get(one.name, one.name))
            for one in there
            if set(channels) <= set(one.channels)
        ]
        for channels in wanted
    ]


def _seen(
    request: ConsoleRequest, rows: Sequence[StepRow], speaks: Sequence[str], shelf: Texts
) -> dict[str, Any]:
    """The message, channel and language that the address asks for, else the first of each."""
    if not rows:
        return {}
    row = next((one for one in rows if one.key == request.GET.get("message")), rows[0])
    channel = _chosen(request.GET.get("channel"), row.channels)
    language = _chosen(request.GET.get("language"), speaks)
    template = row.field.value
    missing = {
        (each, code) for each in row.channels for code in speaks
        if not shelf.speaks(template, each, code)
    }  # fmt: skip
    own = {one.name: one.id for one in list_templates(request.shop.id)}
    return {
        "messages_of": [
            Tab(one.key, numbered(one.number), one.key == row.key, _lacks(shelf, one, speaks))
            for one in rows
        ],
        "channels_of": [
            Tab(each, each, each == channel, any((each, code) in missing for code in speaks))
            for each in row.channels
        ],
        "languages_of": [
            Tab(code, ENDONYMS.get(code, code), code == language, (channel, code) in missing)
            for code in speaks
        ],
        "message_key": row.key,
        "text_name": template,
        "channel": channel,
        "language": language,
        "is_notice": channel == AGENT,
        "is_missing": (channel, language) in missing,
        "is_shipped": is_preset(template),
        "own_id": own.get(template),
        "message": _words(request, template, channel, language),
    }


def _chosen(asked: str | None, there: Sequence[str]) -> str:
    return next((one for one in there if one == asked), there[0])


def _lacks(shelf: Texts, row: StepRow, speaks: Sequence[str]) -> bool:
    return not all(
        shelf.speaks(row.field.value, each, code) for each in row.channels for code in speaks
    )


def _words(request: ConsoleRequest, template: str, channel: str, language: str) -> Preview | None:
    try:
        return preview_message(
            shop=request.shop,
            template=template,
            channel=channel,
            language=language,
            now=request.now,
        )
    except NothingToShow:
        return None
