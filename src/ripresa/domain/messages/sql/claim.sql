-- Move messages from planned to sending: the commit that promise 1 counts from. `attempts` is the fencing token.
UPDATE message AS m
   SET state = 'sending', reason = NULL, due_at = NULL, handed_over_at = %(now)s, lease_until = %(lease_until)s,
       attempts = m.attempts + 1, rule = c.rule, sender_id = c.sender_id, to_address = c.to_address
  FROM unnest(%(ids)s::uuid[], %(rules)s::text[], %(sender_ids)s::uuid[], %(to_addresses)s::text[])
       AS c (id, rule, sender_id, to_address)
 WHERE m.shop_id = %(shop_id)s AND m.id = c.id AND m.state = 'planned'
RETURNING m.id, m.attempts;
