-- People who placed orders that count, and those who placed two or more.
SELECT count(*), count(*) FILTER (WHERE orders > 1)
  FROM (SELECT count(*) AS orders
          FROM shop_order AS o
         WHERE o.shop_id = %(shop_id)s AND o.placed_at >= %(begin)s AND o.placed_at < %(end)s
           AND o.contact_id IS NOT NULL
           AND o.cancelled_at IS NULL AND NOT o.is_test AND o.currency IS NOT NULL
           AND o.origin NOT IN ('draft', 'renewal', 'staff')
           AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)
         GROUP BY o.contact_id) AS people;
