INSERT INTO contact (shop_id, id, created_at, consent_email, consent_sms, consent_letter)
SELECT %(shop_id)s, id, %(now)s, 'unknown', 'unknown', 'unknown' FROM unnest(%(ids)s::uuid[]) AS id;
