"""Happenings: what the outside is told about, one name and one payload each.

Owns the closed list of types and the shape of what is told. Promises that every type has a payload, and
every payload a JSON Schema made from it.
Leaves who wants to hear to the webhooks slice, and when something happens to those who do it.
"""
