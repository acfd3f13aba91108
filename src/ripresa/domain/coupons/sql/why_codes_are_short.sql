-- After taking all that could be had: whether free codes are left that would do, which another worker must be holding at
-- this moment, and whether codes are left that are good now, but not until %%(until)s.
SELECT EXISTS (SELECT FROM coupon_code
                WHERE shop_id = %(shop_id)s AND pool_id = %(pool_id)s AND reserved_at IS NULL
                  AND expires_at >= %(until)s AND expires_at > %(now)s
                  AND (checked_at IS NULL OR checked_at > %(checked_since)s))
       OR EXISTS (SELECT FROM coupon_code
                   WHERE shop_id = %(shop_id)s AND pool_id = %(pool_id)s AND reserved_at IS NULL
                     AND expires_at IS NULL AND (checked_at IS NULL OR checked_at > %(checked_since)s)),
       EXISTS (SELECT FROM coupon_code
                WHERE shop_id = %(shop_id)s AND pool_id = %(pool_id)s AND reserved_at IS NULL
                  AND expires_at > %(now)s AND expires_at < %(until)s);
