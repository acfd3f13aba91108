-- People of a shop, in the order of their ids.
SELECT c.id, c.email, c.phone, c.customer_id, c.first_name, c.last_name, c.locale, c.timezone, c.agent,
       c.address ->> 'country', c.address ->> 'postal_code', c.address ->> 'city',
       array_to_string(ARRAY(SELECT jsonb_array_elements_text(c.address -> 'lines')), ', '),
       c.consent_email, c.consent_sms, c.consent_letter, c.created_at
  FROM contact AS c
 WHERE c.shop_id = %(shop_id)s AND c.erased_at IS NULL AND c.id > %(after)s
 ORDER BY c.id
 LIMIT %(most)s;
