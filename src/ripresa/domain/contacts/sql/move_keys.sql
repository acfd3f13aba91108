UPDATE contact_key AS k SET contact_id = row.contact_id
  FROM unnest(%(keys)s::text[], %(contact_ids)s::uuid[]) AS row (key, contact_id)
 WHERE k.shop_id = %(shop_id)s AND k.key = row.key AND k.contact_id <> row.contact_id;
