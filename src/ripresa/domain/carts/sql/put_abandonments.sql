INSERT INTO abandonment
       (shop_id, id, cart_id, abandoned_at, left_at, kind, currency, total_minor, item_count, items)
SELECT %(shop_id)s, id, cart_id, abandoned_at, left_at, kind, currency, total_minor, item_count, items::jsonb
  FROM unnest(%(ids)s::uuid[], %(cart_ids)s::uuid[], %(abandoned)s::timestamptz[], %(left)s::timestamptz[],
              %(kinds)s::text[], %(currencies)s::text[], %(totals)s::bigint[], %(counts)s::int[],
              %(items)s::text[])
       AS row (id, cart_id, abandoned_at, left_at, kind, currency, total_minor, item_count, items)
    ON CONFLICT (shop_id, cart_id, abandoned_at) DO UPDATE
   SET left_at = EXCLUDED.left_at, kind = EXCLUDED.kind, currency = EXCLUDED.currency,
       total_minor = EXCLUDED.total_minor, item_count = EXCLUDED.item_count, items = EXCLUDED.items;
