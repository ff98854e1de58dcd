-- How far the primary's log is on disk, in bytes: every commit that was acknowledged is before that.
select pg_current_wal_flush_lsn() - pg_lsn '0/0' as position
