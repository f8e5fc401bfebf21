-- Who waits for whom. A row for each pair of one who waits and one who is in the way; those at the head of the queue wait for nobody.
-- Normal: no row, or waits of milliseconds: the service gives up on a lock after 2 s (503, code `unavailable`). Locks are taken in the order
-- that db/README.md gives. To end what the blocker does: select pg_cancel_backend(<pid>); to end its connection:
-- select pg_terminate_backend(<pid>); its transaction is rolled back, nothing is half done.
select w.pid as waiting_pid, w.application_name as waiting, now() - w.state_change as waiting_since,
  left(regexp_replace(w.query, '\s+', ' ', 'g'), 120) as waiting_statement,
  b.pid as blocking_pid, b.application_name as blocking, b.state as blocking_state, now() - b.xact_start as blocking_transaction_age,
  left(regexp_replace(b.query, '\s+', ' ', 'g'), 120) as blocking_last_statement,
  cardinality(pg_blocking_pids(b.pid)) = 0 as blocker_is_head
from pg_stat_activity w
cross join lateral unnest(pg_blocking_pids(w.pid)) blocker (pid)
left join pg_stat_activity b on b.pid = blocker.pid
where w.wait_event_type = 'Lock'
order by waiting_since desc;
