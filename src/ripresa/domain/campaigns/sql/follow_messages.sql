-- A campaign's message belongs to whom its recipient is.
UPDATE message AS m SET contact_id = t.contact_id
  FROM campaign_recipient AS t
 WHERE m.shop_id = %(shop_id)s AND m.origin_kind = 'campaign' AND m.origin_id = ANY(%(ids)s::uuid[])
   AND t.shop_id = m.shop_id AND t.id = m.origin_id AND m.contact_id <> t.contact_id
RETURNING m.origin_kind, m.origin_id, m.contact_id;
