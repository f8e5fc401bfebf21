-- Waiting transactions and their blockers, one row a pair. A transaction at the head of a queue is not blocked itself.
-- Normal: no row, or waits of milliseconds. The service waits 2 s for a lock (503, code `unavailable`). db/README.md has the lock
-- order. To cancel the blocker's statement: select pg_cancel_backend(<pid>); to end its connection and roll back its transaction:
-- select pg_terminate_backend(<pid>);
select w.pid as waiting_pid, w.application_name as waiting, now() - w.state_change as waiting_since,
  left(regexp_replace(w.query, '\s+', ' ', 'g'), 120) as waiting_statement,
  b.pid as blocking_pid, b.application_name as blocking, b.state as blocking_state,
  now() - b.xact_start as blocking_transaction_age,
  left(regexp_replace(b.query, '\s+', ' ', 'g'), 120) as blocking_last_statement,
  cardinality(pg_blocking_pids(b.pid)) = 0 as blocker_is_head
from pg_stat_activity w
cross join lateral unnest(pg_blocking_pids(w.pid)) blocker (pid)
left join pg_stat_activity b on b.pid = blocker.pid
where w.wait_event_type = 'Lock'
order by waiting_since desc;
