"""Domains that hand out addresses for ten minutes. Nobody reads what comes later, and some are traps.

The list is that of the package `disposable-email-domains`: forwarding services, whose addresses stay, are
not on it.
"""

from disposable_email_domains import blocklist


def is_disposable(domain: str) -> bool:
    """Whether addresses of a domain, or of the one above it, are thrown away after use."""
    above = domain.partition(".")[2]
    return domain in blocklist or above in blocklist
