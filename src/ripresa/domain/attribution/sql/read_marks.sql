SELECT id, contact_id, at, day FROM report_stale
 WHERE shop_id = %(shop_id)s
 ORDER BY id
 LIMIT %(most)s;
