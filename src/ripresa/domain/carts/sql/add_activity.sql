-- Keep what happened; the same event again adds nothing. Returns what was new.
INSERT INTO cart_activity (shop_id, id, source, token, occurred_at, event_id, kind, payload)
SELECT %(shop_id)s, id, source, token, occurred_at, event_id, kind, payload
  FROM unnest(%(ids)s::uuid[], %(sources)s::text[], %(tokens)s::text[], %(instants)s::timestamptz[],
              %(events)s::text[], %(kinds)s::text[], %(payloads)s::text[])
       AS row (id, source, token, occurred_at, event_id, kind, payload)
    ON CONFLICT (shop_id, source, token, occurred_at, event_id) DO NOTHING
RETURNING source, token, occurred_at, event_id;
