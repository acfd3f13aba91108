SELECT DISTINCT k.contact_id
  FROM phone_claim AS p JOIN contact_key AS k ON k.shop_id = p.shop_id AND k.key = p.key
 WHERE p.shop_id = %(shop_id)s AND p.phone = ANY(%(phones)s);
