-- Domains of mails ahead, of recoveries that soon plan some as well, of which nothing fresh is known.
SELECT DISTINCT split_part(c.email, '@', 2)
  FROM (SELECT m.contact_id FROM message AS m
         WHERE m.shop_id = %(shop_id)s AND m.state = 'planned' AND m.channel = 'email' AND m.due_at <= %(until)s
         UNION ALL
        SELECT r.contact_id FROM recovery AS r
         WHERE r.shop_id = %(shop_id)s AND r.state = 'waiting' AND r.due_at <= %(until)s) AS a
  JOIN contact AS c ON c.shop_id = %(shop_id)s AND c.id = a.contact_id AND c.email IS NOT NULL
 WHERE NOT EXISTS (SELECT 1 FROM receiving_domain AS d
                    WHERE d.shop_id = c.shop_id AND d.domain = split_part(c.email, '@', 2)
                      AND d.checked_at > CASE d.takes_mail WHEN 'unknown' THEN %(unknown_since)s ELSE %(known_since)s END)
 LIMIT %(limit)s;
