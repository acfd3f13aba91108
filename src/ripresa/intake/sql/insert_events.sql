-- Store a batch of events, each once.
-- The rows come sorted by (shop_id, source, external_id) and are inserted in that order: two batches
-- that hold the same events wait for each other in one order only, so they cannot deadlock.
-- Fewer rows come back than went in: the others are known already (or stand twice in the batch).
INSERT INTO inbox (shop_id, id, source, external_id, type, trusted, occurred_at, received_at, payload)
SELECT shop_id, id, source, external_id, type, trusted, occurred_at, received_at, payload
  FROM unnest(%b::bigint[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::boolean[],
              %b::timestamptz[], %b::timestamptz[], %b::text[])
    AS event (shop_id, id, source, external_id, type, trusted, occurred_at, received_at, payload)
ON CONFLICT (shop_id, source, external_id) DO NOTHING
RETURNING id;
