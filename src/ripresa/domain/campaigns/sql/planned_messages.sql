-- What is still planned for some recipients.
SELECT m.id
  FROM unnest(%(ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND origin_kind = 'campaign' AND origin_id = x.id OFFSET 0) AS m
 WHERE m.state = 'planned'
 ORDER BY m.id;
