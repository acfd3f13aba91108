-- Of these people, those whose last word on a channel is no.
SELECT c.id, row.channel
  FROM unnest(%(ids)s::uuid[], %(channels)s::text[]) AS row (id, channel)
  JOIN contact AS c ON c.shop_id = %(shop_id)s AND c.id = row.id
 WHERE CASE row.channel WHEN 'email' THEN c.consent_email WHEN 'sms' THEN c.consent_sms
                        ELSE c.consent_letter END = 'denied';
