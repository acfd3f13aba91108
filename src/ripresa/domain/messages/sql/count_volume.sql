-- So many more were handed over in this hour.
INSERT INTO message_hour AS h (shop_id, hour, handed_over)
VALUES (%(shop_id)s, %(hour)s, %(handed_over)s)
    ON CONFLICT (shop_id, hour) DO UPDATE SET handed_over = h.handed_over + EXCLUDED.handed_over;
