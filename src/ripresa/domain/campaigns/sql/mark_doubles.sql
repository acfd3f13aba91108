-- Recipients who are doubles of others: before anybody moves, for a person is in a campaign once.
UPDATE campaign_recipient SET is_double = true WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s::uuid[]);
