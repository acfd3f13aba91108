-- Domains that bounce or complain too much get few mails for a while: the rule stands in slowing.py. Returns them.
WITH sent AS (
    SELECT m.id, split_part(m.to_address, '@', 2) AS domain
      FROM message AS m
     WHERE m.shop_id = %(shop_id)s AND m.channel = 'email' AND m.handed_over_at >= %(since)s AND m.to_address LIKE '%%@%%'
), heard AS (
    SELECT f.message_id, bool_or(f.kind = 'bounced' AND f.is_permanent) AS bounced, bool_or(f.kind = 'complained') AS complained
      FROM message_feedback AS f
     WHERE f.shop_id = %(shop_id)s AND f.received_at >= %(since)s AND f.kind IN ('bounced', 'complained')
     GROUP BY f.message_id
), told AS (
    SELECT s.domain, count(*) AS mails, count(*) FILTER (WHERE h.bounced) AS bounces,
           count(*) FILTER (WHERE h.complained) AS complaints
      FROM sent AS s LEFT JOIN heard AS h ON h.message_id = s.id
     GROUP BY s.domain
), bad AS (
    SELECT domain, mails, bounces, complaints FROM told
     WHERE mails >= %(least_mails)s
       AND (bounces > mails * %(most_bounces)s
            OR (complaints >= %(least_complaints)s AND complaints > mails * %(most_complaints)s))
)
INSERT INTO receiving_domain AS d (shop_id, domain, takes_mail, meant, checked_at, per_hour, slowed_until, cause)
SELECT %(shop_id)s, domain, 'unknown', '', %(since)s,
       greatest(%(least_an_hour)s, (mails / %(hours)s / 4)::int), %(until)s,
       bounces || ' bounced and ' || complaints || ' complained of ' || mails
  FROM bad ORDER BY domain
    ON CONFLICT (shop_id, domain) DO UPDATE
   SET per_hour = CASE WHEN d.slowed_until > %(now)s THEN greatest(%(least_an_hour)s, d.per_hour / 2)
                       ELSE EXCLUDED.per_hour END,
       slowed_until = EXCLUDED.slowed_until, cause = EXCLUDED.cause
RETURNING domain;
