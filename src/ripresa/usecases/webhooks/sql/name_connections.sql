SELECT id, json_build_object('id', id, 'name', name)::text
  FROM connection WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s);
