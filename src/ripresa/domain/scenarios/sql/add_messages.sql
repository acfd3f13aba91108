-- The messages of recoveries that were taken up, all at once; those of a plan that a newer cart cancels, with
-- their reason. The unique key of (origin, step, channel) is the promise "never twice".
WITH row AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(origin_ids)s::uuid[], %(steps)s::text[], %(step_numbers)s::smallint[],
                         %(channels)s::text[], %(contact_ids)s::uuid[], %(cart_ids)s::uuid[], %(templates)s::text[],
                         %(planned_fors)s::timestamptz[], %(reasons)s::text[], %(decision_ids)s::uuid[])
               AS row (id, origin_id, step, step_number, channel, contact_id, cart_id, template, planned_for,
                       reason, decision_id)
), told AS (
    INSERT INTO decision (shop_id, id, at, origin_kind, origin_id, message_id, step, channel, outcome, reason, facts)
    SELECT %(shop_id)s, decision_id, %(now)s, 'recovery', origin_id, id, step, channel, 'cancelled', reason, '{}'
      FROM row
     WHERE decision_id IS NOT NULL
)
INSERT INTO message (shop_id, id, origin_kind, origin_id, step, step_number, channel, contact_id, cart_id, template,
                     state, reason, planned_for, due_at, settled_at, attempts)
SELECT %(shop_id)s, id, 'recovery', origin_id, step, step_number, channel, contact_id, cart_id, template,
       CASE WHEN reason IS NULL THEN 'planned' ELSE 'cancelled' END, reason, planned_for,
       CASE WHEN reason IS NULL THEN planned_for END,
       CASE WHEN reason IS NOT NULL THEN %(now)s::timestamptz END, 0
  FROM row;
