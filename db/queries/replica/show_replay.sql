-- The LSN that this server has replayed, and whether it is a replica. After a failover, `timeline` changes only at the next
-- restart
-- point, up to checkpoint_timeout later. Until then, a replica that followed the failover looks like one that did not.
select pg_is_in_recovery() as is_following, c.timeline_id as timeline,
  pg_wal_lsn_diff(coalesce(pg_last_wal_replay_lsn(), '0/0'), '0/0')::bigint as position
from pg_control_checkpoint() c
