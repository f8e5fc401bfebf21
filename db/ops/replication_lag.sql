-- The lag of each replica, and the slots that hold back the log. Run it on the primary. No row means no replica.
-- Normal: `replay_lag` below a second. An inactive slot keeps all log since `held_back` on this disk until its replica returns or
-- someone drops the slot: select pg_drop_replication_slot('<name>');
select 'replica' as what, coalesce(nullif(r.application_name, ''), r.client_addr::text) as name, r.state, r.sync_state,
  r.replay_lag as replay_lag, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)) as held_back
from pg_stat_replication r
union all
select 'slot', s.slot_name, case when s.active then 'active' else 'not active' end, s.wal_status, null,
  pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn))
from pg_replication_slots s
order by 1, 2;
