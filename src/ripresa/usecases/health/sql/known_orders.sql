-- Of the orders of a time, how many had a cart that was known before they were paid; by source and device. Orders that
-- people place in the shop, so without tests, drafts, renewals, staff's, and those read from files.
SELECT o.source, coalesce(c.device, 'unknown'), count(*), count(c.id)
  FROM shop_order AS o
  LEFT JOIN LATERAL (SELECT k.id, k.device FROM cart AS k
                      WHERE k.shop_id = o.shop_id AND k.contact_id = o.contact_id AND k.order_id = o.id AND k.begun_at < o.placed_at
                      ORDER BY k.begun_at DESC LIMIT 1) AS c ON true
 WHERE o.shop_id = %(shop_id)s AND o.placed_at >= %(since)s AND o.placed_at < %(until)s AND NOT o.is_test
   AND o.origin NOT IN ('draft', 'renewal', 'staff') AND o.content_event NOT LIKE 'file:%%'
 GROUP BY 1, 2
 ORDER BY 1, 2;
