-- What the provider behind an address wants to hear; null: it has nothing to tell us.
SELECT hook_reply FROM provider_account WHERE shop_id = %(shop_id)s AND id = %(row_id)s;
