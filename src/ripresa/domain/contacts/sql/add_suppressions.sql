-- Addresses that somebody puts on the list; one that is there keeps its first cause. Returns the new ones.
INSERT INTO suppression (shop_id, id, channel, address, cause, detail, created_at)
SELECT %(shop_id)s, id, channel, address, cause, detail, %(now)s
  FROM unnest(%(ids)s::uuid[], %(channels)s::text[], %(addresses)s::text[], %(causes)s::text[], %(details)s::text[])
       AS row (id, channel, address, cause, detail)
 ORDER BY channel, address
    ON CONFLICT (shop_id, channel, address) DO NOTHING
RETURNING channel, address;
