-- Carts recovered of late, and what their orders brought in, net of refunds, by currency, the largest first. A cart whose
-- order does not count is counted under no currency.
SELECT o.currency, count(*), sum(o.total_minor - o.refunded_minor)::bigint
  FROM cart AS c
  LEFT JOIN shop_order AS o ON o.shop_id = c.shop_id AND o.id = c.order_id
   AND o.placed_at IS NOT NULL AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal', 'staff')
   AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)
 WHERE c.shop_id = %(shop_id)s AND c.state = 'recovered' AND c.ended_at >= %(since)s AND NOT c.is_bot AND NOT c.is_test
 GROUP BY 1
 ORDER BY 3 DESC NULLS LAST;
