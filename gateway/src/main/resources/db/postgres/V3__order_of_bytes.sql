-- Pages are cut by id, in the order that SQLite has and every locale's own order is not.
ALTER TABLE tenant     ALTER COLUMN tenant_id     TYPE TEXT COLLATE "C";
ALTER TABLE collection ALTER COLUMN tenant_id     TYPE TEXT COLLATE "C",
                       ALTER COLUMN collection_id TYPE TEXT COLLATE "C";
ALTER TABLE subject    ALTER COLUMN subject_id    TYPE TEXT COLLATE "C";
ALTER TABLE face       ALTER COLUMN subject_id    TYPE TEXT COLLATE "C",
                       ALTER COLUMN face_id       TYPE TEXT COLLATE "C";
