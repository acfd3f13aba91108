-- Free the codes of steps whose messages surely never left. What was sent stays given for ever.
WITH back AS (
    DELETE FROM coupon_issue AS i
     USING unnest(%(kinds)s::text[], %(origin_ids)s::uuid[], %(steps)s::text[]) AS w (kind, origin_id, step)
     WHERE i.shop_id = %(shop_id)s AND i.origin_kind = w.kind AND i.origin_id = w.origin_id AND i.step = w.step
       AND i.sent_at IS NULL
 RETURNING i.origin_kind, i.origin_id, i.step, i.code_id
), freed AS (
    UPDATE coupon_code AS c SET reserved_at = NULL
      FROM back
     WHERE c.shop_id = %(shop_id)s AND c.id = back.code_id
)
SELECT origin_kind, origin_id, step FROM back;
