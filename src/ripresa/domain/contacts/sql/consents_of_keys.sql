SELECT key, channel, state, proven, latest_at, latest_event
  FROM consent_claim WHERE shop_id = %(shop_id)s AND key = ANY(%(keys)s);
