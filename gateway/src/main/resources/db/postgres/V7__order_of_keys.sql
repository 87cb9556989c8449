-- As in V3: lists are in the order of bytes.
ALTER TABLE api_key ALTER COLUMN key_id TYPE TEXT COLLATE "C";
