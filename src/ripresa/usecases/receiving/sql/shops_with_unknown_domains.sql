-- Shops with mails ahead to domains of which nothing fresh is known: see unknown_domains.sql.
SELECT DISTINCT a.shop_id
  FROM (SELECT m.shop_id, m.contact_id FROM message AS m
         WHERE m.state = 'planned' AND m.channel = 'email' AND m.due_at <= %(until)s
         UNION ALL
        SELECT r.shop_id, r.contact_id FROM recovery AS r WHERE r.state = 'waiting' AND r.due_at <= %(until)s) AS a
  JOIN contact AS c ON c.shop_id = a.shop_id AND c.id = a.contact_id AND c.email IS NOT NULL
 WHERE NOT EXISTS (SELECT 1 FROM receiving_domain AS d
                    WHERE d.shop_id = c.shop_id AND d.domain = split_part(c.email, '@', 2)
                      AND d.checked_at > CASE d.takes_mail WHEN 'unknown' THEN %(unknown_since)s ELSE %(known_since)s END)
 ORDER BY a.shop_id;
