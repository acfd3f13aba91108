INSERT INTO refund (shop_id, id, source, external_id, order_external_id, amount_minor, currency, occurred_at)
SELECT %(shop_id)s, id, source, external_id, order_external_id, amount_minor, currency, occurred_at
  FROM unnest(%(ids)s::uuid[], %(sources)s::text[], %(external_ids)s::text[], %(orders)s::text[],
              %(amounts)s::bigint[], %(currencies)s::text[], %(instants)s::timestamptz[])
       AS row (id, source, external_id, order_external_id, amount_minor, currency, occurred_at)
    ON CONFLICT (shop_id, source, external_id) DO NOTHING;
