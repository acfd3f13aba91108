-- What a person said in these channels under any of her keys, the latest of each kind, said under each of them.
INSERT INTO consent_claim AS c
       (shop_id, key, channel, state, proven, earliest_at, latest_at, latest_event, source, text, version, ip)
SELECT DISTINCT ON (k.key, w.channel, w.state, w.proven)
       %(shop_id)s, k.key, w.channel, w.state, w.proven, w.earliest_at, w.latest_at, w.latest_event, w.source, w.text, w.version, w.ip
  FROM unnest(%(keys)s::text[]) AS k (key)
  JOIN consent_claim AS w ON w.shop_id = %(shop_id)s AND w.key = ANY(%(keys)s::text[]) AND w.channel = ANY(%(channels)s::text[])
 ORDER BY k.key, w.channel, w.state, w.proven, w.latest_at DESC, w.latest_event DESC
    ON CONFLICT (shop_id, key, channel, state, proven) DO UPDATE
   SET earliest_at = LEAST(c.earliest_at, EXCLUDED.earliest_at), latest_at = EXCLUDED.latest_at,
       latest_event = EXCLUDED.latest_event, source = EXCLUDED.source, text = EXCLUDED.text,
       version = EXCLUDED.version, ip = EXCLUDED.ip;
