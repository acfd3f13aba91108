-- Carts that history brought are not written to for having been left before the connection was made.
INSERT INTO cart_watermark (shop_id, source, token, until)
SELECT %(shop_id)s, %(source)s, token, %(until)s
  FROM unnest(%(tokens)s::text[]) AS row (token)
 ORDER BY token
    ON CONFLICT (shop_id, source, token) DO UPDATE SET until = greatest(cart_watermark.until, EXCLUDED.until);
