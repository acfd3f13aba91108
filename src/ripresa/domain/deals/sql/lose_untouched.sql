-- Close the open deals of these carts as lost, except those that a person works on: she closes them herself.
UPDATE deal AS d
   SET outcome = 'lost', closed_at = %(now)s, stage_id = %(stage_id)s::uuid
  FROM stage AS s
 WHERE d.shop_id = %(shop_id)s AND d.cart_id = ANY(%(cart_ids)s::uuid[]) AND d.closed_at IS NULL
   AND d.moved_at IS NULL AND d.taken_over_at IS NULL AND d.contacted_at IS NULL AND d.replied_at IS NULL
   AND (d.snoozed_until IS NULL OR d.snoozed_until <= %(now)s)
   AND s.shop_id = d.shop_id AND s.id = d.stage_id
RETURNING d.id, s.key;
