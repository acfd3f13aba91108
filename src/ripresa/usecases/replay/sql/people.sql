-- Who was behind some carts, and since when a message could have reached her.
SELECT c.id, c.source, c.token, coalesce(c.reachable_at, c.begun_at), p.id, p.email, p.phone, p.customer_id,
       p.first_name, p.last_name, p.locale, p.timezone, p.agent, p.address::text
  FROM cart AS c
  JOIN contact AS p ON p.shop_id = c.shop_id AND p.id = c.contact_id
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s)
 ORDER BY c.id;
