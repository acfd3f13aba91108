SELECT v.visit, v.key, v.trusted, v.earliest_at, v.latest_at, k.contact_id
  FROM visit_key AS v LEFT JOIN contact_key AS k ON k.shop_id = v.shop_id AND k.key = v.key
 WHERE v.shop_id = %(shop_id)s AND v.visit = ANY(%(visits)s);
