-- The history of consent: what stands is never rewritten.
INSERT INTO consent_word (shop_id, key, channel, event_id, state, proven, at, source, text, version, ip, by)
SELECT %(shop_id)s, key, channel, event_id, state, proven, at, source, text, version, ip, %(by)s
  FROM unnest(%(keys)s::text[], %(channels)s::text[], %(events)s::text[], %(states)s::text[], %(proven)s::boolean[],
              %(instants)s::timestamptz[], %(sources)s::text[], %(texts)s::text[], %(versions)s::text[], %(ips)s::text[])
       AS row (key, channel, event_id, state, proven, at, source, text, version, ip)
 ORDER BY key, channel, event_id
    ON CONFLICT (shop_id, key, channel, event_id) DO NOTHING;
