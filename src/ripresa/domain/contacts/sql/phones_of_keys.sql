-- Every number these keys claimed, with the claim that owns it.
SELECT mine.key, mine.phone, mine.latest_at, mine.latest_event, owner.key AS owner_key
  FROM phone_claim AS mine
 CROSS JOIN LATERAL (
       SELECT key FROM phone_claim AS p
        WHERE p.shop_id = mine.shop_id AND p.phone = mine.phone
        ORDER BY p.latest_at DESC, p.latest_event DESC, p.key DESC
        LIMIT 1) AS owner
 WHERE mine.shop_id = %(shop_id)s AND mine.key = ANY(%(keys)s);
