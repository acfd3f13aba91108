-- Store events as they came; the same id from the same source twice is the same event. Returns what was new.
INSERT INTO inbox (shop_id, id, source, external_id, type, trusted, occurred_at, received_at, payload)
SELECT %(shop_id)s, id, source, external_id, type, trusted, occurred_at, received_at, payload
  FROM unnest(%(ids)s::uuid[], %(sources)s::text[], %(external_ids)s::text[], %(types)s::text[],
              %(trusted)s::boolean[], %(occurred)s::timestamptz[], %(received)s::timestamptz[],
              %(payloads)s::text[])
       AS row (id, source, external_id, type, trusted, occurred_at, received_at, payload)
 ORDER BY source, external_id
    ON CONFLICT (shop_id, source, external_id) DO NOTHING
RETURNING id;
