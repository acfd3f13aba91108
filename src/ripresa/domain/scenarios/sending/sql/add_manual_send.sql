-- What somebody sends by hand, and its one message, due at once. The unique key of (origin, step, channel) is the
-- promise "never twice".
WITH asked AS (
    INSERT INTO manual_send (shop_id, id, cart_id, asked_by, asked_at, overrides, plan)
    VALUES (%(shop_id)s, %(id)s, %(cart_id)s, %(asked_by)s, %(now)s, %(overrides)s, %(plan)s::jsonb)
 RETURNING id
)
INSERT INTO message (shop_id, id, origin_kind, origin_id, step, step_number, channel, contact_id, cart_id, template,
                     state, planned_for, due_at, attempts)
SELECT %(shop_id)s, %(message_id)s, 'manual', asked.id, %(step)s, 1, %(channel)s, %(contact_id)s, %(cart_id)s,
       %(template)s, 'planned', %(now)s, %(now)s, 0
  FROM asked;
