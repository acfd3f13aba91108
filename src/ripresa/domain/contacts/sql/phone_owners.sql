-- A number belongs to whoever claimed it last (CUS-5).
SELECT DISTINCT ON (p.phone) p.phone, k.contact_id
  FROM phone_claim AS p JOIN contact_key AS k ON k.shop_id = p.shop_id AND k.key = p.key
 WHERE p.shop_id = %(shop_id)s AND p.phone = ANY(%(phones)s)
 ORDER BY p.phone, p.latest_at DESC, p.latest_event DESC, p.key DESC;
