-- How far a shop has come, and what stands still in it, from its rows alone: was a cart heard (files and trials apart), did a
-- mail leave or a test of one, has a scenario been live; since when it is quiet, which accounts are held; what is due; carts
-- left of late (by machines and in tests apart), and of its orders those whose cart was known before they were paid (of people in the shop, not from files).
SELECT EXISTS (SELECT FROM cart AS c
                WHERE c.shop_id = %(shop_id)s AND NOT c.is_test AND c.newest_event NOT LIKE 'file:%%'),
       EXISTS (SELECT FROM message AS m
                WHERE m.shop_id = %(shop_id)s AND m.state = 'sent' AND m.channel = 'email')
       OR EXISTS (SELECT FROM audit_entry AS a
                   WHERE a.shop_id = %(shop_id)s AND a.action = 'tried' AND a.subject_kind = 'message'
                     AND a.after ->> 'channel' = 'email' AND a.after ->> 'taken_over' = 'true'),
       EXISTS (SELECT FROM scenario AS s WHERE s.shop_id = %(shop_id)s AND s.activated_at IS NOT NULL),
       (SELECT k.began_at FROM capture_alarm AS k WHERE k.shop_id = %(shop_id)s AND k.ended_at IS NULL),
       coalesce((SELECT array_agg(p.name ORDER BY p.name) FROM provider_account AS p
                  WHERE p.shop_id = %(shop_id)s AND p.is_active AND p.paused_at IS NOT NULL), '{}'),
       known.known, known.orders, due.soon, due.late, due.next_at,
       (SELECT count(*)
          FROM abandonment AS b
          JOIN cart AS l ON l.shop_id = b.shop_id AND l.id = b.cart_id
         WHERE b.shop_id = %(shop_id)s AND b.abandoned_at >= %(since)s AND NOT l.is_bot AND NOT l.is_test)
  FROM (SELECT count(*) AS orders,
               count(*) FILTER (WHERE EXISTS (SELECT FROM cart AS k
                                               WHERE k.shop_id = o.shop_id AND k.contact_id = o.contact_id
                                                 AND k.order_id = o.id AND k.begun_at < o.placed_at)) AS known
          FROM shop_order AS o
         WHERE o.shop_id = %(shop_id)s AND o.placed_at >= %(since)s AND o.placed_at < %(now)s AND NOT o.is_test
           AND o.origin NOT IN ('draft', 'renewal', 'staff') AND o.content_event NOT LIKE 'file:%%') AS known,
       (SELECT count(*) AS soon, count(*) FILTER (WHERE m.due_at < %(late)s) AS late, min(m.due_at) AS next_at
          FROM message AS m
         WHERE m.shop_id = %(shop_id)s AND m.state = 'planned' AND m.due_at < %(soon)s) AS due;
