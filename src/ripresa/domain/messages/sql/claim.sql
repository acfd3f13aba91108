-- Move messages from planned to sending: the commit that promise 1 counts from. `attempts` is the fencing token.
-- What is tried again says the same words, so it keeps their language.
-- A message has a due_at exactly while it is planned; saying it so keeps the partial index of all planned ones out.
UPDATE message AS m
   SET state = 'sending', reason = NULL, due_at = NULL, handed_over_at = %(now)s, lease_until = %(lease_until)s,
       attempts = m.attempts + 1, rule = c.rule, sender_id = c.sender_id, to_address = c.to_address,
       language = CASE WHEN m.tried_at IS NULL THEN c.language ELSE m.language END,
       coupon_code = c.coupon_code, coupon_expires_at = c.coupon_expires_at, version_id = c.version_id, branch = c.branch
  FROM unnest(%(ids)s::uuid[], %(rules)s::text[], %(sender_ids)s::uuid[], %(to_addresses)s::text[],
              %(languages)s::text[], %(coupon_codes)s::text[], %(coupon_ends)s::timestamptz[],
              %(version_ids)s::uuid[], %(branches)s::text[])
       AS c (id, rule, sender_id, to_address, language, coupon_code, coupon_expires_at, version_id, branch)
 WHERE m.shop_id = %(shop_id)s AND m.id = c.id AND m.due_at IS NOT NULL
RETURNING m.id, m.attempts, m.language;
