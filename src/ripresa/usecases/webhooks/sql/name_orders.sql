SELECT id, json_build_object('id', id, 'source', source, 'external_id', external_id, 'number', number)::text
  FROM shop_order WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s);
