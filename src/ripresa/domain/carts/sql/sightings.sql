-- Who was seen on these carts and browsers, with the person each key stands for and since when she is reachable.
SELECT v.visit, v.key, v.trusted, v.earliest_at, v.latest_at, k.contact_id, c.reachable_at
  FROM visit_key AS v
  LEFT JOIN contact_key AS k ON k.shop_id = v.shop_id AND k.key = v.key
  LEFT JOIN contact AS c ON c.shop_id = k.shop_id AND c.id = k.contact_id
 WHERE v.shop_id = %(shop_id)s AND v.visit = ANY(%(visits)s);
