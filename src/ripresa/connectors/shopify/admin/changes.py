"""The documents that change something: webhooks, discount codes, bulk operations."""

MAKE_WEBHOOK = """mutation RipresaWebhook($topic: WebhookSubscriptionTopic!, $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: $uri, format: JSON}) {
    webhookSubscription { id }
    userErrors { field message }
  }
}"""
DROP_WEBHOOK = """mutation RipresaNoWebhook($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}"""
# groupObjects: lines come right behind their checkout, so that one checkout at a time is in memory.
GATHER = """mutation RipresaBulk($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id status query url errorCode createdAt }
    userErrors { field message }
  }
}"""
MAKE_DISCOUNT = """mutation RipresaDiscount($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id }
    userErrors { field message code }
  }
}"""
ADD_CODES = """mutation RipresaCodes($id: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $id, codes: $codes) {
    bulkCreation { id }
    userErrors { field message code }
  }
}"""
