-- What messages that are about to leave will cost, as their provider says.
UPDATE message AS m
   SET cost_minor = c.minor, cost_currency = c.currency
  FROM unnest(%(ids)s::uuid[], %(minors)s::bigint[], %(currencies)s::text[]) AS c (id, minor, currency)
 WHERE m.shop_id = %(shop_id)s AND m.id = c.id AND m.lease_until IS NOT NULL;
