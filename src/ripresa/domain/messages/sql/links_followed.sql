-- For carts that were bought: the latest message about the cart of which a person followed a link before her order, the
-- way back into the cart or any other that is known to have been clicked.
SELECT DISTINCT ON (c.id) c.id, m.id
  FROM cart AS c
  JOIN message AS m ON m.shop_id = c.shop_id AND m.cart_id = c.id AND m.channel <> 'agent'
 CROSS JOIN LATERAL (
       SELECT max(l.used_at) AS at FROM message_link AS l
        WHERE l.shop_id = m.shop_id AND l.message_id = m.id AND l.purpose = 'restore' AND l.used_at <= c.ended_at
       UNION ALL
       SELECT max(f.occurred_at) FROM message_feedback AS f
        WHERE f.shop_id = m.shop_id AND f.message_id = m.id AND f.kind = 'clicked' AND f.verdict = 'person'
          AND f.occurred_at <= c.ended_at) AS followed
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s) AND followed.at IS NOT NULL
 ORDER BY c.id, followed.at DESC, m.id;
