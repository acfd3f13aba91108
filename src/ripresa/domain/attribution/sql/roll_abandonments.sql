-- Carts by the day they were first left on, each once, with what it held then; what their orders brought may be in
-- another currency and has rows of its own where it is. An order that staff entered ends a cart and is no money of the
-- storefront (CAP-9).
WITH span AS (
    SELECT * FROM unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS s (day, begins, ends)
), left_on AS (
    SELECT s.day, a.kind, a.currency, a.total_minor, a.abandoned_at, c.ended_at,
           CASE WHEN c.state = 'recovered' THEN coalesce(c.cause, 'own') ELSE '' END AS cause,
           CASE WHEN c.state = 'recovered' THEN coalesce(m.channel, '') ELSE '' END AS channel,
           o.currency AS paid_in, o.total_minor - o.refunded_minor AS paid_minor
      FROM span AS s
      JOIN abandonment AS a ON a.shop_id = %(shop_id)s AND a.abandoned_at >= s.begins AND a.abandoned_at < s.ends
      JOIN cart AS c ON c.shop_id = a.shop_id AND c.id = a.cart_id AND NOT c.is_bot AND NOT c.is_test
      LEFT JOIN message AS m ON m.shop_id = c.shop_id AND m.id = c.cause_message_id
      LEFT JOIN shop_order AS o ON o.shop_id = c.shop_id AND o.id = c.order_id AND c.state = 'recovered'
                            AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal', 'staff')
     WHERE NOT EXISTS (SELECT 1 FROM abandonment AS b
                        WHERE b.shop_id = a.shop_id AND b.cart_id = a.cart_id AND b.abandoned_at < a.abandoned_at)
), fresh AS (
    SELECT day, kind, cause, channel, currency, sum(carts) AS carts, sum(value_minor) AS value_minor,
           sum(recovered_minor) AS recovered_minor, sum(seconds) AS seconds
      FROM (SELECT day, kind, cause, channel, currency, 1 AS carts, total_minor AS value_minor, 0 AS recovered_minor,
                   CASE WHEN cause <> '' THEN floor(extract(epoch FROM ended_at - abandoned_at))::bigint ELSE 0 END AS seconds
              FROM left_on
             UNION ALL
            SELECT day, kind, cause, channel, paid_in, 0, 0, paid_minor, 0 FROM left_on WHERE paid_in IS NOT NULL) AS pieces
     GROUP BY 1, 2, 3, 4, 5
), gone AS (
    DELETE FROM report_abandonments AS t
     WHERE t.shop_id = %(shop_id)s AND t.day IN (SELECT day FROM span)
       AND NOT EXISTS (SELECT 1 FROM fresh AS f
                        WHERE (f.day, f.kind, f.cause, f.channel, f.currency)
                            = (t.day, t.kind, t.cause, t.channel, t.currency))
)
INSERT INTO report_abandonments AS t
       (shop_id, day, kind, cause, channel, currency, carts, value_minor, recovered_minor, seconds)
SELECT %(shop_id)s, f.* FROM fresh AS f
    ON CONFLICT (shop_id, day, kind, cause, channel, currency) DO UPDATE
   SET carts = EXCLUDED.carts, value_minor = EXCLUDED.value_minor, recovered_minor = EXCLUDED.recovered_minor,
       seconds = EXCLUDED.seconds
 WHERE t IS DISTINCT FROM EXCLUDED;
