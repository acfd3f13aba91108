"""All the texts of one shop: what Ripresa ships, and what the shop has made itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates import catalogue
from ripresa.domain.templates.blocks.brand import Brand
from ripresa.domain.templates.blocks.document import SMS, load
from ripresa.domain.templates.blocks.kits import Look, look_of
from ripresa.domain.templates.blocks.looks import SHIPPED, Slots, setting_of, slots_of
from ripresa.domain.templates.blocks.on_paper import letter_of
from ripresa.domain.templates.blocks.writing import source_of
from ripresa.domain.templates.catalogue import Compiled, Preset
from ripresa.domain.templates.compile import compile_template, compile_text
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.letters.compiling import compile_letter
from ripresa.domain.templates.merge import MergeContext
from ripresa.domain.templates.models import OwnTemplate
from ripresa.domain.templates.render import Rendered, TemplateMissing, render_compiled

_CHANNELS = ("email", "sms", "letter")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One text of one state of a template: the same revision always says the same."""

    shop_id: int
    template_id: UUID
    revision: int
    channel: str
    language: str
    look: int  # the revision of the shop's brand kit
    base: str  # where pictures stand; empty: the public address of the install
    document: Any = field(compare=False, repr=False)
    brand: Brand = field(compare=False, repr=False)


class Texts:
    """What a shop can say. Its own templates are read once, and only if one of them is asked for."""

    def __init__(self, shop_id: int, base: str = "") -> None:
        self._shop_id = shop_id
        self._base = base
        self._read: dict[str, OwnTemplate] | None = None
        self._look: Look | None = None

    def find(self, name: str, channel: str, language: str) -> Compiled | None:
        """What a template says in one channel, in exactly this language; None where there is none.

        One that Ripresa ships is found as it is shipped: `render` gives it the looks of the shop.
        """
        if catalogue.is_preset(name):
            return catalogue.find_template(name, channel, language)
        own = self._own.get(name)
        if own is None:
            return None
        look = self._brand
        asked = _Asked(
            self._shop_id, own.id, own.revision, channel, language, look.revision, self._base,
            own.document, look.brand,
        )  # fmt: skip
        return _compiled(asked)

    def speaks(self, name: str, channel: str, language: str) -> bool:
        """Whether a template says anything in this channel and language."""
        if catalogue.is_preset(name):
            return catalogue.speaks(name, channel, language)
        return self.find(name, channel, language) is not None

    def needs_coupon(self, name: str, channel: str, language: str) -> bool:
        """Whether a template says nothing without a coupon: a sentence would have a hole."""
        found = self.find(name, channel, language)
        return found is not None and found.needs_coupon

    def render(self, name: str, channel: str, language: str, context: MergeContext) -> Rendered:
        """Fill a template. Raises TemplateMissing, CannotMerge."""
        if catalogue.is_preset(name):
            look = self._slots(channel, language)
            found = catalogue.find_template(name, channel, language, look)
        else:
            found = self.find(name, channel, language)
        if found is None:
            raise TemplateMissing(
                say(
                    "there is no template {template} for {channel} in {language}",
                    template=name,
                    channel=channel,
                    language=language,
                )
            )
        return render_compiled(found, context)

    def revision(self, name: str) -> int | None:
        """Which state of an own template it is; None: Ripresa ships it, or there is none."""
        own = None if catalogue.is_preset(name) else self._own.get(name)
        return own.revision if own else None

    def list_all(self) -> list[Preset]:
        """The presets, then the shop's own by name, as far as they say anything."""
        return [*catalogue.list_presets(), *filter(None, map(self._describe, self._own.values()))]

    def languages(self, name: str, channel: str) -> frozenset[str]:
        """The languages in which a template says anything in this channel."""
        if catalogue.is_preset(name):
            return frozenset(catalogue.languages_of(name))
        own = self._own.get(name)
        spoken = load(own.document).words if own else ()
        return frozenset(one for one in spoken if self.speaks(name, channel, one))

    @property
    def _own(self) -> Mapping[str, OwnTemplate]:
        if self._read is None:
            rows = OwnTemplate.objects.filter(shop_id=self._shop_id).order_by("name")
            self._read = {row.name: row for row in rows}
        return self._read

    @property
    def _brand(self) -> Look:
        if self._look is None:
            self._look = look_of(self._shop_id)
        return self._look

    def _slots(self, channel: str, language: str) -> Slots:
        """How a shipped mail looks: as it was shipped, until the shop has a look of its own."""
        if channel != "email" or not self._brand.revision:
            return SHIPPED
        return slots_of(setting_of(self._brand.brand, self._base), language)

    def _describe(self, own: OwnTemplate) -> Preset | None:
        spoken = {channel: self.languages(own.name, channel) for channel in _CHANNELS}
        channels = tuple(channel for channel in _CHANNELS if spoken[channel])
        if not channels:
            return None
        every = sorted(frozenset[str]().union(*spoken.values()))
        compiled = [self.find(own.name, channel, one) for channel in channels for one in every]
        needs_agent = any(
            name.startswith("agent.") for one in compiled if one for name in one.fields_used
        )
        return Preset(own.name, tuple(every), channels, needs_agent)


@lru_cache(maxsize=512)
def _compiled(asked: _Asked) -> Compiled | None:
    """None for what is not finished or not right: a message is never sent half."""
    document = load(asked.document)
    if not document.speaks(asked.channel, asked.language):
        return None
    try:
        if asked.channel == "sms":
            text = document.said(asked.language)[SMS]
            return compile_text(language=asked.language, subject="", text=text)
        if asked.channel == "letter":
            return compile_letter(letter_of(document, asked.language), asked.language)
        return compile_template(
            source_of(document, asked.language, setting_of(asked.brand, asked.base))
        )
    except TemplateError:
        return None
