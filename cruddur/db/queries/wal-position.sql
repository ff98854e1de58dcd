-- How far the primary's log goes, in bytes: every commit that was acknowledged is before that, flushed to disk or not.
select pg_current_wal_insert_lsn() - pg_lsn '0/0' as position
