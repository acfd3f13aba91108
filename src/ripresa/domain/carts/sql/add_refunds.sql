-- A refund told twice is one; told differently, the later telling holds.
INSERT INTO refund AS r
       (shop_id, id, source, external_id, order_external_id, amount_minor, currency, occurred_at)
SELECT %(shop_id)s, id, source, external_id, order_external_id, amount_minor, currency, occurred_at
  FROM unnest(%(ids)s::uuid[], %(sources)s::text[], %(external_ids)s::text[], %(orders)s::text[],
              %(amounts)s::bigint[], %(currencies)s::text[], %(instants)s::timestamptz[])
       AS row (id, source, external_id, order_external_id, amount_minor, currency, occurred_at)
    ON CONFLICT (shop_id, source, order_external_id, external_id) DO UPDATE
   SET amount_minor = EXCLUDED.amount_minor, currency = EXCLUDED.currency,
       occurred_at = EXCLUDED.occurred_at
 WHERE (EXCLUDED.occurred_at, EXCLUDED.amount_minor) > (r.occurred_at, r.amount_minor)
RETURNING source, order_external_id;
