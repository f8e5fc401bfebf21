-- How far the primary's log has come: whoever reads up to here reads all that has been answered so far. As bytes, so that it compares.
select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint as position
