-- Which of these carts were bought after their agent had spoken with the person, since the cart was first left.
SELECT c.id
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s::uuid[])
   AND EXISTS (SELECT 1
                 FROM deal AS d
                 JOIN deal_activity AS a ON a.shop_id = d.shop_id AND a.deal_id = d.id
                WHERE d.shop_id = c.shop_id AND d.contact_id = c.contact_id
                  AND a.kind = 'called' AND a.at <= c.ended_at
                  AND a.at >= (SELECT min(b.abandoned_at) FROM abandonment AS b
                                WHERE b.shop_id = c.shop_id AND b.cart_id = c.id));
