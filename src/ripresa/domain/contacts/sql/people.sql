-- All that makes up these people: one row a key, with their own row's present values, and the language chosen under it.
SELECT c.id, k.key, k.facts::text, k.reachable_at,
       c.email, c.phone, c.customer_id, c.first_name, c.last_name, c.locale, c.timezone, c.address::text,
       c.agent, c.reachable_at, c.consent_email, c.consent_sms, c.consent_letter, l.language, l.chosen_at
  FROM contact AS c JOIN contact_key AS k ON k.shop_id = c.shop_id AND k.contact_id = c.id
  LEFT JOIN language_choice AS l ON l.shop_id = k.shop_id AND l.key = k.key
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(ids)s);
