-- How much of the primary's log this server shows, and whether it still follows one. As bytes, so that it compares.
select pg_is_in_recovery() as is_following, pg_wal_lsn_diff(coalesce(pg_last_wal_replay_lsn(), '0/0'), '0/0')::bigint as position
