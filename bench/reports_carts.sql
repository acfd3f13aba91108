-- Carts left behind before the orders of reports_fill.sql: two of three came back by their order, one of five was left
-- twice. Shops `first` to `last`; what happened from `since` on and before `until`.
INSERT INTO cart (shop_id, id, source, token, generation, known_by, contact_id, state, kind, currency, total_minor,
                  item_count, items, is_bot, is_test, begun_at, left_at, newest_at, newest_event, abandoned_at)
SELECT s, md5('k' || s || '/' || n)::uuid, 'shop', 'k' || n, 1, 'email', md5('c' || s || '/' || n)::uuid, 'abandoned',
       (ARRAY['cart', 'checkout'])[1 + n %% 2], 'EUR', 5500 + n, 2, '[]', false, false, at - interval '2h',
       at - interval '1h', at - interval '1h', '', at
  FROM generate_series(%(first)s::bigint, %(last)s) AS s, generate_series(1, %(orders)s) AS n,
       LATERAL (SELECT %(end)s::timestamptz - (n * 60.0 / %(orders)s) * interval '1 day' - (1 + n %% 40) * interval '6h' AS at) AS x
 WHERE at >= %(since)s AND at < %(until)s;
INSERT INTO abandonment (shop_id, id, cart_id, abandoned_at, left_at, kind, currency, total_minor, item_count, items)
SELECT c.shop_id, md5('a' || c.id || again)::uuid, c.id, c.abandoned_at + again * interval '2h', c.left_at + again * interval '2h',
       c.kind, c.currency, c.total_minor, c.item_count, c.items
  FROM cart AS c, generate_series(0, CASE WHEN c.total_minor %% 5 = 0 THEN 1 ELSE 0 END) AS again
 WHERE c.shop_id BETWEEN %(first)s AND %(last)s AND c.abandoned_at >= %(since)s AND c.abandoned_at < %(until)s;
UPDATE cart AS c
   SET state = 'recovered', order_id = o.id, ended_at = o.placed_at,
       cause = (ARRAY['own', 'link', 'coupon', 'agent'])[1 + c.total_minor %% 4],
       cause_message_id = CASE WHEN c.total_minor %% 4 = 1
                               THEN (SELECT m.id FROM message AS m
                                      WHERE m.shop_id = c.shop_id AND m.contact_id = c.contact_id AND m.handed_over_at < o.placed_at
                                      ORDER BY m.handed_over_at DESC LIMIT 1) END
  FROM shop_order AS o
 WHERE c.shop_id BETWEEN %(first)s AND %(last)s AND c.total_minor %% 3 <> 0
   AND o.shop_id = c.shop_id AND o.contact_id = c.contact_id AND o.placed_at >= %(since)s AND o.placed_at < %(until)s;
