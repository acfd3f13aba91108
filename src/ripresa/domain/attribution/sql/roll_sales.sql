-- Orders of a day that count (CAP-7, CAP-9), by currency; those that brought a cart back apart.
WITH span AS (
    SELECT * FROM unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS s (day, begins, ends)
), fresh AS (
    SELECT s.day, o.currency, count(*) AS orders, sum(o.total_minor) AS gross_minor,
           sum(o.refunded_minor) AS refunded_minor, sum(coalesce(o.discount_minor, 0)) AS discount_minor,
           count(*) FILTER (WHERE back.is_back) AS recovered_orders,
           coalesce(sum(o.total_minor - o.refunded_minor) FILTER (WHERE back.is_back), 0) AS recovered_minor
      FROM span AS s
      JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.placed_at >= s.begins AND o.placed_at < s.ends
       AND o.cancelled_at IS NULL AND NOT o.is_test AND o.currency IS NOT NULL
       AND o.origin NOT IN ('draft', 'renewal', 'staff') AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)
      LEFT JOIN LATERAL (SELECT true AS is_back FROM cart AS c
                          WHERE c.shop_id = o.shop_id AND c.contact_id = o.contact_id AND c.order_id = o.id
                            AND c.state = 'recovered' AND NOT c.is_bot AND NOT c.is_test LIMIT 1) AS back ON true
     GROUP BY 1, 2
), gone AS (
    DELETE FROM report_sales AS t
     WHERE t.shop_id = %(shop_id)s AND t.day IN (SELECT day FROM span)
       AND NOT EXISTS (SELECT 1 FROM fresh AS f WHERE (f.day, f.currency) = (t.day, t.currency))
)
INSERT INTO report_sales AS t
       (shop_id, day, currency, orders, gross_minor, refunded_minor, discount_minor, recovered_orders, recovered_minor)
SELECT %(shop_id)s, f.* FROM fresh AS f
    ON CONFLICT (shop_id, day, currency) DO UPDATE
   SET orders = EXCLUDED.orders, gross_minor = EXCLUDED.gross_minor, refunded_minor = EXCLUDED.refunded_minor,
       discount_minor = EXCLUDED.discount_minor, recovered_orders = EXCLUDED.recovered_orders,
       recovered_minor = EXCLUDED.recovered_minor
 WHERE t IS DISTINCT FROM EXCLUDED;
