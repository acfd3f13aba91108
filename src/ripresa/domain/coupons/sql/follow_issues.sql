-- After a merge or split: a code belongs to whoever the messages with it belong to.
UPDATE coupon_issue AS i SET contact_id = w.contact_id
  FROM unnest(%(kinds)s::text[], %(origin_ids)s::uuid[], %(contact_ids)s::uuid[]) AS w (kind, origin_id, contact_id)
 WHERE i.shop_id = %(shop_id)s AND i.origin_kind = w.kind AND i.origin_id = w.origin_id
   AND i.contact_id <> w.contact_id;
