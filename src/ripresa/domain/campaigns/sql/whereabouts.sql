-- After a merge or split: whose the recipients of some people are now. Who was written to about a cart goes where the
-- cart goes, else where her key goes. In each campaign she is there once: first counts whoever has had a message, then
-- whoever was there first; the others are doubles.
WITH touched AS (
    SELECT t.id, t.campaign_id, t.contact_id, t.is_double,
           coalesce((SELECT c.contact_id FROM cart AS c WHERE c.shop_id = t.shop_id AND c.id = t.cart_id),
                    (SELECT y.contact_id FROM contact_key AS y
                      WHERE y.shop_id = t.shop_id AND y.key = t.key AND t.cart_id IS NULL),
                    t.contact_id) AS owner,
           EXISTS (SELECT 1 FROM message AS m
                    WHERE m.shop_id = t.shop_id AND m.origin_kind = 'campaign' AND m.origin_id = t.id
                      AND m.handed_over_at IS NOT NULL) AS is_reached
      FROM campaign_recipient AS t
     WHERE t.shop_id = %(shop_id)s AND t.contact_id = ANY(%(ids)s::uuid[])
), ranked AS (
    SELECT touched.*, row_number() OVER (PARTITION BY campaign_id, owner ORDER BY is_reached DESC, id) > 1 AS is_spare
      FROM touched
)
SELECT id, contact_id, owner, is_spare
  FROM ranked
 WHERE owner <> contact_id OR is_spare <> is_double;
