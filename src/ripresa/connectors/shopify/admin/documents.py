"""The documents that read: orders, checkouts, customers, the catalogue, and how the app stands.

Fields are those of API version 2026-10: shopify.dev, api/admin-graphql. A test checks every document
against the part of the schema that we use.
"""

_MONEY = " { presentmentMoney { amount currencyCode } }"
_ADDRESS = """ {
  firstName lastName name company address1 address2 zip city province provinceCode countryCodeV2 phone
}"""
_CUSTOMER = (
    """ {
  id firstName lastName locale createdAt updatedAt
  defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
  defaultPhoneNumber { phoneNumber marketingState marketingOptInLevel marketingUpdatedAt }
  defaultAddress"""
    + _ADDRESS
    + "\n}"
)
ORDER = f"""
  id name email phone createdAt updatedAt processedAt cancelledAt test sourceName
  cartToken checkoutToken customerLocale customerAcceptsMarketing discountCodes
  totalPriceSet{_MONEY} totalDiscountsSet{_MONEY} totalTaxSet{_MONEY} totalShippingPriceSet{_MONEY}
  customer{_CUSTOMER}
  billingAddress{_ADDRESS} shippingAddress{_ADDRESS}
  refunds {{ id createdAt totalRefundedSet{_MONEY} }}
"""
# Opens a checkout filled in with somebody's data, so an app may be kept from it, on any version:
# shopify.dev, changelog/abandonedcheckouturl-now-requires-level-2-protected-customer-data-access.
RECOVERY_URL = "abandonedCheckoutUrl"
_CHECKOUT = f"""
  id createdAt updatedAt completedAt
  customer{_CUSTOMER}
  billingAddress{_ADDRESS} shippingAddress{_ADDRESS}
  subtotalPriceSet{_MONEY}
"""
_LINE = f"""
  id quantity sku title variantTitle product {{ id onlineStoreUrl }} variant {{ id }} image {{ url }}
  originalUnitPriceSet{_MONEY}
"""
_LINES_OF_A_PAGE = 25
_MORE = "pageInfo { hasNextPage endCursor }"
MORE_LINES = f"""query RipresaMoreLines($id: ID!, $after: String) {{
  node(id: $id) {{
    ... on AbandonedCheckout {{ lineItems(first: 100, after: $after) {{ {_MORE} nodes {{{_LINE}}} }} }}
  }}
}}"""


def orders_page() -> str:
    """Orders by `query`, oldest change first."""
    return _page("orders", ORDER, sort="UPDATED_AT")


def customers_page() -> str:
    """Customers by `query`, oldest change first."""
    return _page(
        "customers", _CUSTOMER.strip().removeprefix("{").removesuffix("}"), sort="UPDATED_AT"
    )


def checkouts_page(*, with_url: bool) -> str:
    """Checkouts by `query`, abandoned or completed, with up to 25 lines each. They sort by no change.

    What comes after these lines is asked for by MORE_LINES.
    """
    lines = f" lineItems(first: {_LINES_OF_A_PAGE}) {{ {_MORE} nodes {{{_LINE}}} }}\n"
    return _page("abandonedCheckouts", _checkout(with_url=with_url) + lines, sort="CREATED_AT")


def orders_in_bulk(query: str) -> str:
    """All orders by `query`, for a bulk operation; `query` has neither quotes nor backslashes of its own."""
    return f'{{ orders(query: "{query}") {{ edges {{ node {{{ORDER}}} }} }} }}'


def checkouts_in_bulk(query: str, *, with_url: bool) -> str:
    """All checkouts by `query`, for a bulk operation: lines follow their checkout, each on its own."""
    lines = f" lineItems {{ edges {{ node {{{_LINE}}} }} }}\n"
    node = _checkout(with_url=with_url) + lines
    return f'{{ abandonedCheckouts(query: "{query}") {{ edges {{ node {{{node}}} }} }} }}'


def _checkout(*, with_url: bool) -> str:
    return f"{_CHECKOUT}  {RECOVERY_URL if with_url else ''}"


def _page(name: str, node: str, *, sort: str) -> str:
    return f"""query Ripresa($query: String!, $first: Int!, $after: String) {{
  {name}(first: $first, after: $after, query: $query, sortKey: {sort}) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{{node}}}
  }}
}}"""


_VARIANT = """
  id sku title price availableForSale inventoryPolicy inventoryQuantity
  inventoryItem { tracked }
"""
_PICTURE = " { preview { image { url } } }"
VARIANTS = f"""query RipresaVariants($ids: [ID!]!) {{
  shop {{ currencyCode }}
  nodes(ids: $ids) {{
    ... on ProductVariant {{ {_VARIANT}
      media(first: 1) {{ nodes{_PICTURE} }}
      product {{ status onlineStoreUrl featuredMedia{_PICTURE} }}
    }}
  }}
}}"""
PRODUCTS = f"""query RipresaProducts($ids: [ID!]!) {{
  shop {{ currencyCode }}
  nodes(ids: $ids) {{
    ... on Product {{
      status onlineStoreUrl featuredMedia{_PICTURE}
      variants(first: 50) {{ nodes {{ {_VARIANT} }} }}
    }}
  }}
}}"""

CUSTOMER_IDS = """query RipresaCustomers($query: String!, $first: Int!, $after: String) {
  customers(first: $first, after: $after, query: $query) {
    pageInfo { hasNextPage endCursor }
    nodes { id }
  }
}"""

STANDING = """query RipresaStanding {
  shop { currencyCode }
  currentAppInstallation { accessScopes { handle } }
}"""
OWN_REMINDERS = """query RipresaReminders($query: String!) {
  abandonedCheckouts(first: 1, reverse: true, sortKey: CREATED_AT, query: $query) { nodes { createdAt } }
}"""
RECOVERY_URLS = f"""query RipresaRecoveryUrls {{
  abandonedCheckouts(first: 1, reverse: true, sortKey: CREATED_AT) {{ nodes {{ id {RECOVERY_URL} }} }}
}}"""

HELD_BACK = f"""query RipresaHeldBack {{
  orders(first: 1, reverse: true, sortKey: UPDATED_AT) {{
    nodes {{ id email phone customer{_CUSTOMER} shippingAddress{_ADDRESS} billingAddress{_ADDRESS} }}
  }}
}}"""

_CODE_FIELDS = """
    id
    codeDiscount {
      __typename
      ... on DiscountCodeBasic {
        title status usageLimit codes(first: 10, query: $SEARCH) { nodes { code asyncUsageCount } }
      }
      ... on DiscountCodeBxgy { title status }
      ... on DiscountCodeFreeShipping { title status }
      ... on DiscountCodeApp { title status }
    }
"""
CODE = (
    "query RipresaCode($code: String!, $search: String!) { codeDiscountNodeByCode(code: $code) {"
    + _CODE_FIELDS.replace("$SEARCH", "$search")
    + "} }"
)


def codes(count: int) -> str:
    """A question for `count` codes at once: $code0, $search0 and so on; answers are found0 and so on."""
    wanted = ", ".join(f"$code{n}: String!, $search{n}: String!" for n in range(count))
    parts = "\n".join(
        f"found{n}: codeDiscountNodeByCode(code: $code{n}) {{"
        + _CODE_FIELDS.replace("$SEARCH", f"$search{n}")
        + "}"
        for n in range(count)
    )
    return f"query RipresaCodes({wanted}) {{ {parts} }}"


CODES_ADDED = """query RipresaCodesAdded($id: ID!) {
  discountRedeemCodeBulkCreation(id: $id) {
    done
    codes(first: 100) { nodes { code errors { message } discountRedeemCode { id } } }
  }
}"""
SHOP_CURRENCY = "query RipresaCurrency { shop { currencyCode } }"

LATEST_BULK = """query RipresaLatestBulk {
  currentBulkOperation(type: QUERY) { id status query url errorCode createdAt }
}"""
BULK = """query RipresaBulk($id: ID!) {
  node(id: $id) { ... on BulkOperation { id status query url errorCode createdAt } }
}"""
WEBHOOKS = """query RipresaWebhooks($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id topic uri }
  }
}"""
