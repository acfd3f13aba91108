-- Codes were added: if they are few again one day, the owner hears of it again.
UPDATE coupon_pool SET told_low_at = NULL WHERE shop_id = %(shop_id)s AND id = %(pool_id)s AND told_low_at IS NOT NULL;
