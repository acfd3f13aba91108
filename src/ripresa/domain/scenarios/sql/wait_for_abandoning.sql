-- Wait until no worker is at carts that are due until an instant: it locks their people, and looks at the scenarios
-- after that. In the order in which everybody locks people who waits for them.
SELECT p.id
  FROM contact AS p
 WHERE p.shop_id = %(shop_id)s
   AND p.id IN (SELECT c.contact_id FROM cart AS c
                 WHERE c.shop_id = %(shop_id)s AND c.due_at <= %(until)s AND c.state = 'open')
 ORDER BY p.id
   FOR NO KEY UPDATE;
