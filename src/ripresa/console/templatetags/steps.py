"""What steps are called, in templates."""

from django import template
from django.template.context import RequestContext

from ripresa.console.steps.titles import StepTitles, title_in
from ripresa.usecases.contacts.tell_contact import Fate

register = template.Library()
_TITLES = "ripresa_step_titles"


@register.simple_tag(takes_context=True)
def step_title(context: RequestContext, fate: Fate) -> str:
    """The step that a message came of."""
    if fate.message is None:
        return ""
    return title_in(context["shop"].id, fate.version_id, fate.message.step)


@register.simple_tag(takes_context=True)
def step_of(context: RequestContext, scenario: str, step: str) -> str:
    """`{% step_of row.origin row.step %}`: a step by the name of its scenario."""
    if _TITLES not in context.render_context:
        context.render_context[_TITLES] = StepTitles(context["shop"].id)
    return str(context.render_context[_TITLES](scenario, step))
