-- What a shop's platforms called about and nobody has read yet: an order may be in it. One that nobody has taken
-- yet still falls due when it came.
SELECT c.id, CASE WHEN c.due_at = c.received_at THEN c.received_at END
  FROM connection AS k
 CROSS JOIN LATERAL (SELECT * FROM provider_call
                      WHERE shop_id = %(shop_id)s AND account_id = k.id AND due_at IS NOT NULL OFFSET 0) AS c
 WHERE k.shop_id = %(shop_id)s;
