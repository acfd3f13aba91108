-- Recipients who are about to move make room for each other: only who is no double keeps others out.
UPDATE campaign_recipient SET is_double = true WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s::uuid[]);
