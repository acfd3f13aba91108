-- What a scenario may name, in the twin as in the shop: its segments, its own templates, and its pools with what is left in them.
WITH segments AS (
    INSERT INTO segment (shop_id, id, name, text, condition, created_at, changed_at)
    SELECT %(twin_id)s, id, name, text, condition, created_at, changed_at FROM segment WHERE shop_id = %(shop_id)s
), templates AS (
    INSERT INTO own_template (shop_id, id, name, document, undo, redo, revision, changed_by, changed_at)
    SELECT %(twin_id)s, id, name, document, '[]', '[]', revision, changed_by, changed_at
      FROM own_template WHERE shop_id = %(shop_id)s
), pools AS (
    INSERT INTO coupon_pool (shop_id, id, name, kind, code, expires_at, low_water, told_low_at, created_at)
    SELECT %(twin_id)s, id, name, kind, code, expires_at, low_water, told_low_at, created_at
      FROM coupon_pool WHERE shop_id = %(shop_id)s
)
INSERT INTO coupon_code (shop_id, id, pool_id, code, expires_at)
SELECT %(twin_id)s, id, pool_id, code, expires_at
  FROM coupon_code
 WHERE shop_id = %(shop_id)s AND reserved_at IS NULL
 ORDER BY pool_id, expires_at, id
 LIMIT %(most_codes)s;
