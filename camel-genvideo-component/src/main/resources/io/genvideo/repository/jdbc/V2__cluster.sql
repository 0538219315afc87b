-- H2 and PostgreSQL. Only additions, so that processes of the version before go on beside newer ones.

-- The oldest number of migrations that a process may know and still use the tables; NULL for the number in VERSION.
ALTER TABLE GENVIDEO_SCHEMA ADD COLUMN IF NOT EXISTS READABLE_BY INTEGER;

-- Tasks about which their service has announced something to another process than their owner.
CREATE TABLE IF NOT EXISTS GENVIDEO_HINT (
    RECORD_ID VARCHAR NOT NULL PRIMARY KEY,
    HINTED_AT TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- What the engines share, in one row: one statement changes it, and only from the version that was read.
CREATE TABLE IF NOT EXISTS GENVIDEO_CLUSTER (
    ID      INTEGER NOT NULL PRIMARY KEY,
    VERSION BIGINT NOT NULL,
    STATE   TEXT NOT NULL
);
