"""Delivery reports for machines: the fields of RFC 3464, wherever in a mail they stand."""

import re
from collections.abc import Mapping

from ripresa.channels.mailbox.reading.addresses import find_address
from ripresa.channels.mailbox.reading.values import Action, Evidence

_FIELD = re.compile(r"^\s{0,3}([A-Za-z][A-Za-z-]{1,40})\s*:[ \t]*(.*)$")
_MOST_RECIPIENTS = 100
_ADDRESS_FIELDS = ("original-recipient", "final-recipient", "x-actual-recipient")
_ACTIONS: Mapping[str, Action] = {
    "failed": Action.FAILED,
    "failure": Action.FAILED,
    "delayed": Action.DELAYED,
    "delivered": Action.DELIVERED,
    "relayed": Action.DELIVERED,
    "expanded": Action.DELIVERED,
    "deliverable": Action.DELIVERED,  # Postfix, asked to verify an address
}
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,4}")
_DSN_FIELDS = frozenset(
    ("final-recipient", "original-recipient", "action", "status", "diagnostic-code", "remote-mta")
)


def read_report(text: str) -> list[Evidence]:
    """What each group of fields says of its address; groups without one say nothing."""
    found: dict[str, Evidence] = {}
    for group in _groups(text):
        address = _address(group)
        if address and len(found) < _MOST_RECIPIENTS:
            found.setdefault(address.lower(), _evidence(address, group))
    return list(found.values())


def _groups(text: str) -> list[dict[str, str]]:
    """Groups of fields. A blank line or a field that comes again begins the next one."""
    groups: list[dict[str, str]] = [{}]
    name = ""
    for line in text.splitlines():
        match = _FIELD.match(line)
        if not line.strip():
            name = ""
            if not _is_split(groups[-1]):
                groups.append({})
        elif match and (match[1].lower() in _DSN_FIELDS or line[:1] not in (" ", "\t")):
            name = match[1].lower()
            if name in groups[-1] and name in _DSN_FIELDS:
                groups.append({})
            groups[-1].setdefault(name, match[2].strip())
        elif name and line[:1] in (" ", "\t"):
            groups[-1][name] = f"{groups[-1][name]} {line.strip()}"[:4000]
    return groups


def _is_split(group: Mapping[str, str]) -> bool:
    """True for a group that has an action and no address yet: some systems put a blank line between."""
    return "action" in group and not any(name in group for name in _ADDRESS_FIELDS)


def _address(group: Mapping[str, str]) -> str:
    # The final one may be where a forward led; the original one is whom we wrote to (RFC 3464, 2.3.1).
    for name in _ADDRESS_FIELDS:
        value = group.get(name, "")
        _, semicolon, rest = value.partition(";")
        address = find_address(rest if semicolon else value)
        if address:
            return address
    return ""


def _evidence(address: str, group: Mapping[str, str]) -> Evidence:
    status = _STATUS.search(group.get("status", ""))
    word = group.get("action", "").lower().split(" ")[0].strip("()")
    action = _ACTIONS.get(word)
    if action is None:
        action = Action.DELIVERED if status is not None and status[0][0] == "2" else Action.FAILED
    # `smtp; 550 …`: the type of the code says who speaks, not what.
    _, semicolon, said = group.get("diagnostic-code", "").partition(";")
    return Evidence(
        address=address,
        action=action,
        status=status[0] if status else "",
        said=(said if semicolon else group.get("diagnostic-code", "")).strip(),
        told=group.get("status", "").partition(" ")[2],
    )
