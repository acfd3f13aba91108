"""Own templates as a whole: begin one, name it otherwise, copy it, begin it anew, take it away."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from ripresa.core.ids import new_id
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.domain.scenarios.plans_in_force import plans_of_all
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.document import (
    LETTER_SUBJECT,
    PREHEADER,
    SMS,
    SUBJECT,
    WHY,
    Block,
    Document,
    Kind,
    When,
    dump,
    load,
)
from ripresa.domain.templates.blocks.richtext import escaped
from ripresa.domain.templates.blocks.shipped_words import shared_words
from ripresa.domain.templates.catalogue import (
    is_preset,
    layout_of,
    preset_sms,
    preset_words,
    spoken_languages,
)
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases.templates.edit_template import MOST_UNDO, NotATemplate, store

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_SLOT = re.compile(r"\[\[([a-z_]+)\]\]")
_SIGNED = "{% if agent.name %}{{ agent.name }}<br>{% endif %}{{ shop.name }}"
# What a new template begins with, by the layout of the shipped one: blocks, whom they are for, their words.
_BEGINNINGS: Mapping[str, tuple[tuple[Kind, When, str], ...]] = {
    "cart": (
        ("heading", "always", "[[headline]]"),
        ("text", "always", "<p>[[greeting]]</p><p>[[intro]]</p>"),
        ("cart", "always", ""),
        ("coupon", "always", ""),
        ("button", "always", "[[button]]"),
        ("text", "always", "<p>[[closing]]</p>"),
    ),
    "letter": (
        (
            "text",
            "always",
            (
                "<p>[[greeting]]</p><p>[[noticed]]</p><p>[[reply]]</p><p>[[finish_before]]"
                ' <a href="{{ links.restore }}">[[finish_link]]</a> [[finish_after]].</p>'
                f"<p>[[regards]]<br>{_SIGNED}</p>"
            ),
        ),
    ),
    "note": (
        ("text", "always", "<p>[[greeting]]</p><p>[[thanks]]</p>"),
        ("text", "coupon", "<p>[[offer]]</p>"),
        ("coupon", "always", ""),
        ("text", "always", "<p>[[closing]]</p><p>[[regards]]<br>{{ shop.name }}</p>"),
    ),
}
_SIGNATURE: tuple[Kind, When, str] = ("signature", "always", "[[letter_regards]]\n[[letter_name]]")
_SCAN: tuple[Kind, When, str] = ("qr", "no_coupon", "[[letter_scan]]")
_OPENING: tuple[Kind, When, str] = ("paragraphs", "always", "[[greeting]]\n\n[[letter]]")
# The same for its letter.
_LETTERS: Mapping[str, tuple[tuple[Kind, When, str], ...]] = {
    "cart": (_OPENING, ("cart", "always", ""), ("coupon", "always", ""), _SCAN, _SIGNATURE),
    "letter": (_OPENING, ("coupon", "always", ""), _SCAN, _SIGNATURE),
    "note": (_OPENING, ("coupon", "always", ""), _SIGNATURE),
}


class NameTaken(Exception):
    """There is a template of this name."""


class InUse(Exception):
    """Something sends the template, which `places` names; nothing was changed."""

    def __init__(self, places: list[str]) -> None:
        super().__init__(f"it is used by {', '.join(places)}")
        self.places = places


def list_templates(shop_id: int) -> list[OwnTemplate]:
    """The shop's own templates by name."""
    return list(OwnTemplate.objects.filter(shop_id=shop_id).order_by("name"))


def find_template(shop_id: int, template_id: UUID) -> OwnTemplate | None:
    """One of them."""
    return OwnTemplate.objects.filter(shop_id=shop_id, id=template_id).first()


def begin(*, shop: Shop, name: str, preset: str, who: str, now: datetime) -> OwnTemplate:
    """A template that says what a shipped one says, in every language. Raises NotATemplate, NameTaken."""
    return _create(shop.id, name, dump(_beginning(preset)), who, now)


def duplicate(*, template: OwnTemplate, name: str, who: str, now: datetime) -> OwnTemplate:
    """The same under another name. Raises NotATemplate, NameTaken."""
    return _create(template.shop_id, name, template.document, who, now)


@transaction.atomic
def rename(*, template: OwnTemplate, name: str, now: datetime) -> None:
    """Name it otherwise. Raises NotATemplate, NameTaken, InUse: scenarios call it by its name."""
    if name == template.name:
        return
    _check_name(name)
    _check_unused(template)
    if OwnTemplate.objects.filter(shop_id=template.shop_id, name=name).exists():
        raise NameTaken(name)
    OwnTemplate.objects.filter(shop_id=template.shop_id, id=template.id).update(name=name)
    before, template.name = template.name, name
    _tell(template, Action.CHANGED, now, {"name": before}, {"name": name})


@transaction.atomic
def reset(*, template: OwnTemplate, preset: str, who: str, now: datetime) -> None:
    """Begin it anew with what a shipped one says; the change can be taken back."""
    undo = [*template.undo, template.document][-MOST_UNDO:]
    store(template, dump(_beginning(preset)), undo, who, now)
    _tell(template, Action.CHANGED, now, {}, {"begun_with": preset})


@transaction.atomic
def begin_letter(*, template: OwnTemplate, preset: str, who: str, now: datetime) -> None:
    """Give it the letter of a shipped one, in every language; the change can be taken back."""
    beginning, document = _beginning(preset), load(template.document)
    taken = (
        int(block.id[1:])
        for state in (template.document, *template.undo)
        for block in load(state).walk()
    )
    shift = max(taken, default=0)
    ids = {block.id: f"b{shift + number}" for number, block in enumerate(beginning.letter, 1)}
    changed = document.with_letter(
        tuple(msgspec.structs.replace(block, id=ids[block.id]) for block in beginning.letter)
    )
    for language, said in beginning.words.items():
        for slot in (LETTER_SUBJECT, *ids):
            if slot in said:
                changed = changed.with_words(language, ids.get(slot, slot), said[slot])
    undo = [*template.undo, template.document][-MOST_UNDO:]
    store(template, dump(changed), undo, who, now)


@transaction.atomic
def remove(*, template: OwnTemplate, now: datetime) -> None:
    """Take it away for good. Raises InUse."""
    _check_unused(template)
    OwnTemplate.objects.filter(shop_id=template.shop_id, id=template.id).delete()
    _tell(template, Action.REMOVED, now)


def places_of(template: OwnTemplate) -> list[str]:
    """What sends it: scenarios and campaigns by name, drafts of scenarios, and messages already planned."""
    shop_id, name = template.shop_id, template.name
    found = [
        scenario
        for scenario, plan in plans_of_all(shop_id).items()
        if any(step.template == name for branch in plan.branches for step in branch.steps)
    ]
    named = re.compile(rf"template\"?:\s*[\"']?{re.escape(name)}(?![a-z0-9_-])")
    drafts = ScenarioDraft.objects.filter(shop_id=shop_id).values_list("name", "text")
    found += [draft for draft, text in drafts if named.search(text)]
    campaigns = Campaign.objects.filter(shop_id=shop_id).exclude(state="ended")
    found += [
        campaign for campaign, text in campaigns.values_list("name", "text") if named.search(text)
    ]
    if (
        not found
        and Message.objects.filter(shop_id=shop_id, template=name, state="planned").exists()
    ):
        found.append("planned messages")
    return list(dict.fromkeys(found))


def _tell(
    template: OwnTemplate,
    action: Action,
    now: datetime,
    before: Mapping[str, str] = MappingProxyType({}),
    after: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Into the audit log. What is typed into a text is kept with the text, not there."""
    write_down(
        shop_id=template.shop_id,
        action=action,
        subject=Subject(About.TEMPLATE, template.id, template.name),
        now=now,
        before=before,
        after=after,
    )


def _check_unused(template: OwnTemplate) -> None:
    if places := places_of(template):
        raise InUse(places)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise NotATemplate("small letters, digits, - and _, at most 60", "name")
    if is_preset(name):
        raise NameTaken(name)


def _create(shop_id: int, name: str, document: object, who: str, now: datetime) -> OwnTemplate:
    _check_name(name)
    try:
        with transaction.atomic():
            made = OwnTemplate.objects.create(
                shop_id=shop_id, id=new_id(now), name=name, document=document, changed_by=who,
                changed_at=now,
            )  # fmt: skip
            _tell(made, Action.CREATED, now)
            return made
    except IntegrityError:
        raise NameTaken(name) from None


def _beginning(preset: str) -> Document:
    """What a shipped text says, in blocks. Raises KeyError for one that is not shipped."""
    mail, letter = _BEGINNINGS[layout_of(preset)], _LETTERS[layout_of(preset)]
    plan = [
        (Block(f"b{number}", kind, when=when), (text, number <= len(mail)))
        for number, (kind, when, text) in enumerate((*mail, *letter), 1)
    ]
    words = {}
    for language in spoken_languages():
        said = preset_words(preset, language)
        usual = shared_words(language)["why"]
        words[language] = {
            SUBJECT: said["subject"],
            PREHEADER: said.get("preheader", ""),
            SMS: preset_sms(preset, language),
            **({WHY: said["why"]} if said["why"] != usual else {}),
            LETTER_SUBJECT: said["subject"],
            **{
                block.id: _filled(text, said, is_html=block.kind == "text")
                for block, (text, _) in plan
                if text
            },
        }
    return Document(
        blocks=tuple(block for block, (_, is_mail) in plan if is_mail),
        letter=tuple(block for block, (_, is_mail) in plan if not is_mail),
        words=words,
    )


def _filled(text: str, said: Mapping[str, str], *, is_html: bool) -> str:
    return _SLOT.sub(lambda slot: escaped(said[slot[1]]) if is_html else said[slot[1]], text)
