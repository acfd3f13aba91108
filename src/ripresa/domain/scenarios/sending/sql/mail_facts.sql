-- What some messages are filled with; what was said before is said again.
-- OFFSET 0: see due_messages.sql.
SELECT m.id, m.tried_at, p.first_name, p.last_name, p.email, p.phone, coalesce(c.source, ''),
       coalesce(c.currency, ''), coalesce(c.total_minor, 0), coalesce(c.items::text, '[]'),
       b.subject, b.words, v.body,
       EXISTS (SELECT 1 FROM shop_order AS o
                WHERE o.shop_id = %(shop_id)s AND o.contact_id = m.contact_id
                  AND o.cancelled_at IS NULL AND NOT o.is_test) AS has_bought
  FROM unnest(%(ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message WHERE shop_id = %(shop_id)s AND id = x.id OFFSET 0) AS m
  LEFT JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = m.cart_id OFFSET 0) AS c ON true
 CROSS JOIN LATERAL (SELECT * FROM contact WHERE shop_id = %(shop_id)s AND id = m.contact_id OFFSET 0) AS p
  LEFT JOIN LATERAL (SELECT * FROM message_content WHERE shop_id = %(shop_id)s AND id = m.id OFFSET 0) AS b ON true
  LEFT JOIN LATERAL (SELECT * FROM merge_source WHERE shop_id = %(shop_id)s AND id = b.source_id OFFSET 0) AS v ON true;
