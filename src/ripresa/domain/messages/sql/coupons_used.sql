-- For carts that were bought: the latest message about the cart whose coupon the order carries, as shops compare
-- codes, whatever their capitals. A code that may have left counts, for she has it.
SELECT DISTINCT ON (c.id) c.id, m.id
  FROM cart AS c
  JOIN shop_order AS o ON o.shop_id = c.shop_id AND o.id = c.order_id
  JOIN message AS m ON m.shop_id = c.shop_id AND m.cart_id = c.id
  JOIN coupon_issue AS i ON i.shop_id = m.shop_id AND i.origin_kind = m.origin_kind
                        AND i.origin_id = m.origin_id AND i.step = m.step
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s)
   AND m.handed_over_at <= c.ended_at
   AND lower(i.code) IN (SELECT lower(used) FROM unnest(o.discount_codes) AS used)
 ORDER BY c.id, m.handed_over_at DESC, m.channel, m.id;
