-- Restore links whose button a person pressed, by where their carts came from, and after how many of them the shop told
-- of that cart with something in it, of a new cart of hers, or of her order, before `within` was over.
SELECT c.source, coalesce(n.platform, ''), count(*), count(*) FILTER (WHERE seen.is_back)
  FROM message_link AS l
  JOIN message AS m ON m.shop_id = l.shop_id AND m.id = l.message_id
  JOIN cart AS c ON c.shop_id = m.shop_id AND c.id = m.cart_id AND NOT c.is_bot AND NOT c.is_test
  LEFT JOIN connection AS n ON n.shop_id = c.shop_id AND n.name = c.source
 CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM cart_activity AS a
                       WHERE a.shop_id = c.shop_id AND a.source = c.source
                         -- Under its own token, or under one that the shop gave it when it was put back.
                         AND a.token IN (SELECT c.token UNION ALL
                                         SELECT substr(v.key, 7) FROM visit_key AS v
                                          WHERE v.shop_id = c.shop_id AND v.visit = 'token:' || c.token
                                            AND v.key LIKE 'token:%%')
                         AND a.occurred_at >= l.used_at AND a.occurred_at < l.used_at + %(within)s
                         -- A way back that is broken is told as well: of a cart with nothing in it.
                         AND (a.kind = 'started' OR a.kind = 'updated' AND a.payload::jsonb #> '{contents,lines,0}' IS NOT NULL))
           OR EXISTS (SELECT FROM cart AS other
                       WHERE other.shop_id = c.shop_id AND other.contact_id = c.contact_id AND other.item_count > 0
                         AND other.begun_at >= l.used_at AND other.begun_at < l.used_at + %(within)s)
           OR EXISTS (SELECT FROM shop_order AS o
                       WHERE o.shop_id = c.shop_id AND o.contact_id = c.contact_id
                         AND o.placed_at >= l.used_at AND o.placed_at < l.used_at + %(within)s) AS is_back) AS seen
 WHERE l.shop_id = %(shop_id)s AND l.purpose = 'restore' AND l.used_at >= %(begin)s AND l.used_at < %(end)s
 GROUP BY c.source, n.platform
 ORDER BY count(*) DESC, c.source;
