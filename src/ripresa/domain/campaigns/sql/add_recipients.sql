-- People of an audience and their messages, due now. Who is in the campaign already, under whatever name, is left out
-- by the unique keys: they are the promise "never twice".
WITH row AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(contact_ids)s::uuid[], %(cart_ids)s::uuid[], %(order_ids)s::uuid[],
                         %(keys)s::text[])
               AS row (id, contact_id, cart_id, order_id, key)
), added AS (
    INSERT INTO campaign_recipient (shop_id, id, campaign_id, contact_id, cart_id, order_id, key, state, is_double,
                                    added_at)
    SELECT %(shop_id)s, id, %(campaign_id)s, contact_id, cart_id, order_id, key, 'planned', false, %(now)s
      FROM row
        ON CONFLICT DO NOTHING
 RETURNING id, contact_id, cart_id
), planned AS (
    INSERT INTO message (shop_id, id, origin_kind, origin_id, step, step_number, channel, contact_id, cart_id, template,
                         state, planned_for, due_at, attempts)
    SELECT %(shop_id)s, m.id, 'campaign', added.id, %(step)s, 1, m.channel, added.contact_id, added.cart_id,
           %(template)s, 'planned', %(now)s, %(now)s, 0
      FROM added
      JOIN unnest(%(message_ids)s::uuid[], %(recipient_ids)s::uuid[], %(channels)s::text[])
           AS m (id, recipient_id, channel) ON m.recipient_id = added.id
)
SELECT id FROM added;
