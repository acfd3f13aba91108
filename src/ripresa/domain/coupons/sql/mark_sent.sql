-- A message with the code left, or may have: from here on it is not given back. Two machines' clocks may differ a little.
UPDATE coupon_issue AS i SET sent_at = greatest(%(now)s, i.reserved_at)
  FROM unnest(%(kinds)s::text[], %(origin_ids)s::uuid[], %(steps)s::text[]) AS w (kind, origin_id, step)
 WHERE i.shop_id = %(shop_id)s AND i.origin_kind = w.kind AND i.origin_id = w.origin_id AND i.step = w.step
   AND i.sent_at IS NULL;
