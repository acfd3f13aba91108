-- People of whom nothing was heard and to whom nothing was sent for so long; known to Ripresa for as long.
SELECT c.id
  FROM contact AS c
 WHERE c.shop_id = %(shop_id)s AND c.id < %(floor)s AND c.created_at < %(cutoff)s AND c.erased_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM cart AS x
                    WHERE x.shop_id = c.shop_id AND x.contact_id = c.id AND x.newest_at >= %(cutoff)s)
   AND NOT EXISTS (SELECT 1 FROM shop_order AS x
                    WHERE x.shop_id = c.shop_id AND x.contact_id = c.id AND x.content_at >= %(cutoff)s)
   AND NOT EXISTS (SELECT 1 FROM message AS x
                    WHERE x.shop_id = c.shop_id AND x.contact_id = c.id
                      AND (x.state IN ('planned', 'sending') OR x.handed_over_at >= %(cutoff)s))
   AND NOT EXISTS (SELECT 1 FROM contact_key AS k JOIN consent_word AS x ON x.shop_id = k.shop_id AND x.key = k.key
                    WHERE k.shop_id = c.shop_id AND k.contact_id = c.id AND x.at >= %(cutoff)s)
 ORDER BY c.id
 LIMIT %(limit)s;
