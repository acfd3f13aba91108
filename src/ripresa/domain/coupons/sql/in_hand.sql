-- Who of some people has a code that is still good and that no order of hers carries.
SELECT DISTINCT i.contact_id
  FROM coupon_issue AS i
 WHERE i.shop_id = %(shop_id)s AND i.contact_id = ANY(%(contact_ids)s::uuid[])
   AND (i.expires_at IS NULL OR i.expires_at > %(now)s)
   AND NOT EXISTS (SELECT FROM shop_order AS o, unnest(o.discount_codes) AS used (code)
                    WHERE o.shop_id = i.shop_id AND o.contact_id = i.contact_id AND o.placed_at >= i.reserved_at
                      AND lower(used.code) = lower(i.code));
