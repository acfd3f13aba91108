-- Who claimed which number, first and last. Returns the numbers whose latest claim is new.
INSERT INTO phone_claim AS p (shop_id, phone, key, earliest_at, latest_at, latest_event)
SELECT %(shop_id)s, phone, key, earliest_at, latest_at, latest_event
  FROM unnest(%(phones)s::text[], %(keys)s::text[], %(earliest)s::timestamptz[],
              %(latest)s::timestamptz[], %(events)s::text[])
       AS row (phone, key, earliest_at, latest_at, latest_event)
    ON CONFLICT (shop_id, phone, key) DO UPDATE
   SET earliest_at = LEAST(p.earliest_at, EXCLUDED.earliest_at),
       latest_at = GREATEST(p.latest_at, EXCLUDED.latest_at),
       latest_event = CASE WHEN (EXCLUDED.latest_at, EXCLUDED.latest_event)
                              > (p.latest_at, p.latest_event)
                           THEN EXCLUDED.latest_event ELSE p.latest_event END
RETURNING phone;
