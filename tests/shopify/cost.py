"""What a document costs by Shopify's rule: an object one point, a connection as many of its nodes as are asked for.

Scalars are free, a change is ten points; a document above a thousand is refused, whatever the bucket holds.
Source: shopify.dev, apps/build/apis/graphql-admin/rate-limits.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    parse,
    value_from_ast_untyped,
)

MOST = 1000
_CHANGE = 10


class Costs:
    """The costs of documents of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def of(self, document: str, variables: Mapping[str, Any]) -> int:
        total = 0
        for operation in parse(document).definitions:
            assert isinstance(operation, OperationDefinitionNode), "we write no named fragments"
            root = self._schema.get_root_type(operation.operation)
            total += self._selected(operation.selection_set, root, variables)
            total += _CHANGE if operation.operation.value == "mutation" else 0
        return total

    def _selected(self, chosen: SelectionSetNode, parent: Any, variables: Mapping[str, Any]) -> int:
        total, branches = 0, [0]
        for each in chosen.selections:
            assert not isinstance(each, FragmentSpreadNode)
            if isinstance(each, InlineFragmentNode):
                of_type = self._schema.get_type(each.type_condition.name.value)
                branches.append(self._selected(each.selection_set, of_type, variables))
            elif not each.name.value.startswith("__"):
                total += self._field(each, parent, variables)
        return total + max(branches)

    def _field(self, field: FieldNode, parent: Any, variables: Mapping[str, Any]) -> int:
        kind = get_named_type(parent.fields[field.name.value].type)
        if is_leaf_type(kind) or kind.name == "PageInfo":
            return 0
        inside = self._selected(field.selection_set, kind, variables)
        given = {
            each.name.value: value_from_ast_untyped(each.value, variables)
            for each in field.arguments or ()
        }
        if "ids" in given:
            return len(given["ids"]) * (1 + inside)
        if kind.name.endswith("Connection"):
            # Its nodes were counted as one object.
            return given.get("first", 0) * inside
        return 1 + inside
