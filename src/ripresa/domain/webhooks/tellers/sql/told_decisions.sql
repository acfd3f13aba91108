-- Decisions on messages as they are told, in the order in which they were taken.
SELECT d.at, d.message_id, d.outcome, d.reason, m.cart_id, m.contact_id, m.due_at
  FROM unnest(%(ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM decision WHERE shop_id = %(shop_id)s AND id = x.id OFFSET 0) AS d
  JOIN message AS m ON m.shop_id = d.shop_id AND m.id = d.message_id
 ORDER BY d.id;
