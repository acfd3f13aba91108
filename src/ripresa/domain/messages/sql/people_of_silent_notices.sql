-- The people about whom an agent was being told when the worker went silent.
SELECT DISTINCT contact_id
  FROM message
 WHERE shop_id = %(shop_id)s AND state = 'sending' AND lease_until < %(now)s AND channel = 'agent';
