-- The carts that came back, and their people, after a link of one of these messages about them was clicked, by whomever.
SELECT DISTINCT c.id, c.contact_id
  FROM message AS m
  JOIN cart AS c ON c.shop_id = m.shop_id AND c.id = m.cart_id AND c.state = 'recovered'
  JOIN message_feedback AS f ON f.shop_id = m.shop_id AND f.message_id = m.id AND f.kind = 'clicked'
                            AND f.occurred_at <= c.ended_at
 WHERE m.shop_id = %(shop_id)s AND m.id = ANY(%(message_ids)s);
