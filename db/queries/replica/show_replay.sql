-- How much of a primary's log this server shows, and whether it still follows one. After a failover the timeline is the new one only from the
-- next restart point on, minutes later (checkpoint_timeout): until then nobody can tell a replica that followed from one that was left behind.
select pg_is_in_recovery() as is_following, c.timeline_id as timeline,
  pg_wal_lsn_diff(coalesce(pg_last_wal_replay_lsn(), '0/0'), '0/0')::bigint as position
from pg_control_checkpoint() c
