UPDATE contact AS c
   SET email = row.email, phone = row.phone, customer_id = row.customer_id,
       first_name = row.first_name, last_name = row.last_name, locale = row.locale,
       timezone = row.timezone, address = row.address::jsonb, agent = row.agent,
       reachable_at = row.reachable_at, consent_email = row.consent_email,
       consent_sms = row.consent_sms, consent_letter = row.consent_letter
  FROM unnest(%(ids)s::uuid[], %(email)s::text[], %(phone)s::text[], %(customer_id)s::text[],
              %(first_name)s::text[], %(last_name)s::text[], %(locale)s::text[], %(timezone)s::text[],
              %(address)s::text[], %(agent)s::text[], %(reachable_at)s::timestamptz[],
              %(consent_email)s::text[], %(consent_sms)s::text[], %(consent_letter)s::text[])
       AS row (id, email, phone, customer_id, first_name, last_name, locale, timezone, address, agent,
               reachable_at, consent_email, consent_sms, consent_letter)
 WHERE c.shop_id = %(shop_id)s AND c.id = row.id;
