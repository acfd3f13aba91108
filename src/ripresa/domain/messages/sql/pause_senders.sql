-- Hold senders until someone has looked (CNS-3). One that is held already keeps its first reason.
UPDATE sender AS s SET paused_at = %(now)s, paused_reason = p.reason
  FROM unnest(%(ids)s::uuid[], %(reasons)s::text[]) AS p (id, reason)
 WHERE s.shop_id = %(shop_id)s AND s.id = p.id AND s.paused_at IS NULL
RETURNING s.email, s.paused_reason;
