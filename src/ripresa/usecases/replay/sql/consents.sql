-- What some people said about consent, the first and the last time of each kind.
SELECT k.contact_id, w.channel, w.state, w.proven, w.earliest_at, w.latest_at, w.source, w.text
  FROM contact_key AS k
  JOIN consent_claim AS w ON w.shop_id = k.shop_id AND w.key = k.key
 WHERE k.shop_id = %(shop_id)s AND k.contact_id = ANY(%(contact_ids)s)
 ORDER BY w.latest_at, w.key, w.channel, w.state;
