-- What the mails of some messages are filled with; what was said before is said again.
SELECT m.id, m.tried_at, p.first_name, p.last_name, c.currency, c.total_minor, c.items::text,
       b.subject, b.html, b.text
  FROM message AS m
  JOIN cart AS c ON c.shop_id = m.shop_id AND c.id = m.cart_id
  JOIN contact AS p ON p.shop_id = m.shop_id AND p.id = m.contact_id
  LEFT JOIN message_content AS b ON b.shop_id = m.shop_id AND b.id = m.id
 WHERE m.shop_id = %(shop_id)s AND m.id = ANY(%(ids)s);
