"""An entry of the audit log, in words, where another room tells of it."""

from django import template

from ripresa.console.audit.entries import Line, lines_of
from ripresa.domain.audit.models import AuditEntry

register = template.Library()


@register.filter
def in_line(entry: AuditEntry) -> Line:
    """`{% with line=entry|in_line %}`: who did it, when, and what changed."""
    [line] = lines_of(entry.shop_id, [entry])
    return line
