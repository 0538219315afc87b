-- H2 and PostgreSQL. Every statement can be repeated: H2 commits each by itself, so a crash may leave half a migration.
CREATE TABLE IF NOT EXISTS GENVIDEO_TASK (
    RECORD_ID       VARCHAR NOT NULL PRIMARY KEY,
    VERSION         BIGINT NOT NULL,
    PROVIDER        VARCHAR NOT NULL,
    ACCOUNT         VARCHAR NOT NULL,
    OPERATION       VARCHAR NOT NULL,
    IDEMPOTENCY_KEY VARCHAR,
    FINGERPRINT     VARCHAR NOT NULL,
    MODEL           VARCHAR,
    STATUS          VARCHAR NOT NULL,
    DELIVERY        VARCHAR NOT NULL,
    TASK_ID         VARCHAR,
    PROVIDER_STATE  TEXT,
    ATTEMPT         INTEGER NOT NULL,
    -- NULL if no owner is wanted; empty if one is wanted and there is none
    OWNER           VARCHAR,
    CREATES         INTEGER NOT NULL,
    DELIVERIES      INTEGER NOT NULL,
    AVAILABLE_AT    TIMESTAMP(6) WITH TIME ZONE,
    -- as text: a number column would change 5.0 to 5.00
    CREDITS         VARCHAR,
    MEDIA           TEXT,
    ERROR           TEXT,
    REFERENCE       TEXT,
    RAW             TEXT,
    CREATED_AT      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    SUBMITTING_AT   TIMESTAMP(6) WITH TIME ZONE,
    ACCEPTED_AT     TIMESTAMP(6) WITH TIME ZONE,
    FINISHED_AT     TIMESTAMP(6) WITH TIME ZONE,
    -- the provider and the time it ended, if consumers may take the outcome; else NULL
    OFFERED         VARCHAR,
    OFFERED_SINCE   TIMESTAMP(6) WITH TIME ZONE,
    -- if it has ended and was delivered: 1 with its result, 0 for its key only, and when it ended; else NULL
    KEPT            INTEGER,
    KEPT_SINCE      TIMESTAMP(6) WITH TIME ZONE,
    -- the lease of the last write or claim, by the clock of the database; NULL if no owner is wanted
    LEASE_MILLIS    BIGINT,
    LEASE_UNTIL     TIMESTAMP(6) WITH TIME ZONE
);

-- The lease of an owner, for all its records: one row instead of one for each of them.
CREATE TABLE IF NOT EXISTS GENVIDEO_OWNER (
    OWNER        VARCHAR NOT NULL PRIMARY KEY,
    LEASE_MILLIS BIGINT NOT NULL,
    LEASE_UNTIL  TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- Of the following indexes those with NULL at their start hold an entry that does not change while a task is polled.
CREATE UNIQUE INDEX IF NOT EXISTS GENVIDEO_TASK_KEY ON GENVIDEO_TASK (IDEMPOTENCY_KEY, ACCOUNT, OPERATION);

CREATE INDEX IF NOT EXISTS GENVIDEO_TASK_SERVICE ON GENVIDEO_TASK (TASK_ID, ACCOUNT);

CREATE INDEX IF NOT EXISTS GENVIDEO_TASK_OWNER ON GENVIDEO_TASK (OWNER, CREATED_AT);

CREATE INDEX IF NOT EXISTS GENVIDEO_TASK_OFFERED ON GENVIDEO_TASK (OFFERED, OFFERED_SINCE);

CREATE INDEX IF NOT EXISTS GENVIDEO_TASK_KEPT ON GENVIDEO_TASK (KEPT, KEPT_SINCE);
