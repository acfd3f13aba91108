-- So much more, or less, of a budget is used.
UPDATE campaign AS k
   SET used_messages = k.used_messages + %(messages)s, used_minor = k.used_minor + %(minor)s
 WHERE k.shop_id = %(shop_id)s AND k.id = %(id)s;
