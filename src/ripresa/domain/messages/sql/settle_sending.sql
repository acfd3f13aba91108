-- Take the outcome down. A worker whose lease ran out finds another state or number of attempts: it changes nothing.
-- A lease stands exactly while a message is being sent: see claim.sql.
WITH verdict AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(attempts)s::smallint[], %(states)s::text[], %(reasons)s::text[],
                         %(due_ats)s::timestamptz[], %(receipts)s::text[], %(outcomes)s::text[], %(facts)s::text[],
                         %(decision_ids)s::uuid[])
               AS v (id, attempts, state, reason, due_at, receipt, outcome, facts, decision_id)
), moved AS (
    UPDATE message AS m
       SET state = v.state, reason = v.reason, due_at = v.due_at, lease_until = NULL,
           receipt = coalesce(v.receipt, m.receipt),
           handed_over_at = CASE WHEN v.state IN ('sent', 'unknown') THEN m.handed_over_at END,
           departed_at = CASE WHEN v.state IN ('sent', 'unknown') THEN m.departed_at END,
           settled_at = CASE WHEN v.state <> 'planned' THEN %(now)s::timestamptz END
      FROM verdict AS v
     WHERE m.shop_id = %(shop_id)s AND m.id = v.id AND m.lease_until IS NOT NULL AND m.attempts = v.attempts
 RETURNING m.id, m.origin_kind, m.origin_id, m.step, m.channel, m.to_address, m.subject,
           v.outcome, v.reason, v.facts, v.decision_id
), told AS (
    INSERT INTO decision (shop_id, id, at, origin_kind, origin_id, message_id, step, channel, outcome, reason,
                          to_address, subject, facts)
    SELECT %(shop_id)s, decision_id, %(now)s, origin_kind, origin_id, id, step, channel, outcome, reason,
           CASE WHEN outcome IN ('sent', 'unknown') THEN to_address END,
           CASE WHEN outcome IN ('sent', 'unknown') THEN subject END, facts::jsonb
      FROM moved
     WHERE decision_id IS NOT NULL
)
SELECT id FROM moved;
