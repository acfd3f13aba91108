-- Addresses never to be used again; the first cause stays.
INSERT INTO suppression (shop_id, id, channel, address, cause, detail, created_at)
SELECT %(shop_id)s, id, %(channel)s, address, %(cause)s, detail, %(now)s
  FROM unnest(%(ids)s::uuid[], %(addresses)s::text[], %(details)s::text[]) AS s (id, address, detail)
 ORDER BY address
    ON CONFLICT (shop_id, channel, address) DO NOTHING;
