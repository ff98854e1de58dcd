-- How far a replica has replayed the log, in bytes. A server that is no replica has nothing to replay.
select
  case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end - pg_lsn '0/0'
    as position
