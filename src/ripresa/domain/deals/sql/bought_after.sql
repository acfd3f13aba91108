-- The carts of a deal's person that came back at or after an instant.
SELECT c.id
  FROM deal AS d
  JOIN cart AS c ON c.shop_id = d.shop_id AND c.contact_id = d.contact_id
 WHERE d.shop_id = %(shop_id)s AND d.id = %(deal_id)s::uuid
   AND c.state = 'recovered' AND c.ended_at >= %(at)s::timestamptz;
