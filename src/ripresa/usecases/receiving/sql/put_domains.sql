-- What the DNS said. Without an answer, what was known before stands.
INSERT INTO receiving_domain AS d (shop_id, domain, takes_mail, meant, checked_at)
SELECT %(shop_id)s, domain, takes_mail, meant, %(now)s
  FROM unnest(%(domains)s::text[], %(verdicts)s::text[], %(meant)s::text[]) AS row (domain, takes_mail, meant)
 ORDER BY domain
    ON CONFLICT (shop_id, domain) DO UPDATE
   SET takes_mail = CASE EXCLUDED.takes_mail WHEN 'unknown' THEN d.takes_mail ELSE EXCLUDED.takes_mail END,
       meant = CASE EXCLUDED.takes_mail WHEN 'unknown' THEN d.meant ELSE EXCLUDED.meant END,
       checked_at = EXCLUDED.checked_at;
