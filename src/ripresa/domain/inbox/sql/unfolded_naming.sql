-- Events that wait to be folded and name one of some checkouts, in the order they came. Few wait; a payload is text.
SELECT payload
  FROM inbox
 WHERE shop_id = %(shop_id)s AND folded_at IS NULL AND source = %(source)s AND payload LIKE ANY(%(patterns)s::text[])
 ORDER BY id;
