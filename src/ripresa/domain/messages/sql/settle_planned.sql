-- Hold, skip or cancel planned messages, and say why. Rows without a decision id only get a new due_at.
-- A message has a due_at exactly while it is planned: see claim.sql.
WITH verdict AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(reasons)s::text[], %(due_ats)s::timestamptz[],
                         %(outcomes)s::text[], %(facts)s::text[], %(decision_ids)s::uuid[], %(to_addresses)s::text[])
               AS v (id, state, reason, due_at, outcome, facts, decision_id, to_address)
), moved AS (
    UPDATE message AS m
       SET state = v.state, reason = v.reason, due_at = v.due_at,
           settled_at = CASE WHEN v.state <> 'planned' THEN %(now)s::timestamptz END
      FROM verdict AS v
     WHERE m.shop_id = %(shop_id)s AND m.id = v.id AND m.due_at IS NOT NULL
 RETURNING m.id, m.contact_id, m.origin_kind, m.origin_id, m.step, m.channel, v.outcome, v.reason, v.facts, v.decision_id,
           v.to_address
)
INSERT INTO decision (shop_id, id, at, origin_kind, origin_id, message_id, step, channel, outcome, reason,
                      to_address, facts)
SELECT %(shop_id)s, decision_id, %(now)s, origin_kind, origin_id, id, step, channel, outcome, reason,
       CASE WHEN outcome <> 'cancelled' THEN
           coalesce(to_address, (SELECT CASE moved.channel WHEN 'email' THEN c.email WHEN 'sms' THEN c.phone END
                                   FROM contact AS c
                                  WHERE c.shop_id = %(shop_id)s AND c.id = moved.contact_id)) END,
       facts::jsonb
  FROM moved
 WHERE decision_id IS NOT NULL;
