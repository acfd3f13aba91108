-- Recipients whose person is another now, or who are nobody's double any more.
UPDATE campaign_recipient AS t SET contact_id = w.contact_id, is_double = w.is_double
  FROM unnest(%(ids)s::uuid[], %(contact_ids)s::uuid[], %(doubles)s::boolean[]) AS w (id, contact_id, is_double)
 WHERE t.shop_id = %(shop_id)s AND t.id = w.id;
