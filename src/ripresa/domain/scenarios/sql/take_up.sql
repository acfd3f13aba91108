-- Take recoveries up at the instant that was planned for it, however late the worker is.
-- A reason means that nothing comes of it: cancelled by what the cart says, or skipped.
WITH verdict AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(reasons)s::text[], %(branches)s::text[],
                         %(decision_ids)s::uuid[], %(facts)s::text[])
               AS v (id, state, reason, branch, decision_id, facts)
), taken AS (
    UPDATE recovery AS r
       SET state = v.state, reason = v.reason, branch = v.branch, due_at = NULL,
           taken_up_at = CASE WHEN v.branch IS NOT NULL THEN r.due_at END,
           ended_at = CASE WHEN v.state <> 'active' THEN %(now)s::timestamptz END
      FROM verdict AS v
     WHERE r.shop_id = %(shop_id)s AND r.id = v.id AND r.due_at IS NOT NULL
 RETURNING r.id, v.reason, v.decision_id, v.facts
), told AS (
    INSERT INTO decision (shop_id, id, at, origin_kind, origin_id, outcome, reason, facts)
    SELECT %(shop_id)s, decision_id, %(now)s, 'recovery', id, 'skipped', reason, facts::jsonb
      FROM taken
     WHERE decision_id IS NOT NULL
)
SELECT id FROM taken;
