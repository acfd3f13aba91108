-- The latest word of each kind; it decides, and is the proof. Returns what is new.
INSERT INTO consent_claim AS c
       (shop_id, key, channel, state, proven, earliest_at, latest_at, latest_event, source, text,
        version, ip)
SELECT %(shop_id)s, key, channel, state, proven, earliest_at, latest_at, latest_event, source, text, version, ip
  FROM unnest(%(keys)s::text[], %(channels)s::text[], %(states)s::text[], %(proven)s::boolean[],
              %(earliest)s::timestamptz[], %(latest)s::timestamptz[], %(events)s::text[],
              %(sources)s::text[], %(texts)s::text[], %(versions)s::text[], %(ips)s::text[])
       AS row (key, channel, state, proven, earliest_at, latest_at, latest_event, source, text, version, ip)
    ON CONFLICT (shop_id, key, channel, state, proven) DO UPDATE
   SET earliest_at = LEAST(c.earliest_at, EXCLUDED.earliest_at),
       latest_at = GREATEST(c.latest_at, EXCLUDED.latest_at),
       latest_event = CASE WHEN (EXCLUDED.latest_at, EXCLUDED.latest_event) > (c.latest_at, c.latest_event)
                           THEN EXCLUDED.latest_event ELSE c.latest_event END,
       source = CASE WHEN (EXCLUDED.latest_at, EXCLUDED.latest_event) > (c.latest_at, c.latest_event)
                     THEN EXCLUDED.source ELSE c.source END,
       text = CASE WHEN (EXCLUDED.latest_at, EXCLUDED.latest_event) > (c.latest_at, c.latest_event)
                   THEN EXCLUDED.text ELSE c.text END,
       version = CASE WHEN (EXCLUDED.latest_at, EXCLUDED.latest_event) > (c.latest_at, c.latest_event)
                      THEN EXCLUDED.version ELSE c.version END,
       ip = CASE WHEN (EXCLUDED.latest_at, EXCLUDED.latest_event) > (c.latest_at, c.latest_event)
                 THEN EXCLUDED.ip ELSE c.ip END
 WHERE EXCLUDED.earliest_at < c.earliest_at
    OR (EXCLUDED.latest_at, EXCLUDED.latest_event) > (c.latest_at, c.latest_event)
RETURNING key, channel, state, proven;
