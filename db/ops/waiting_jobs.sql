-- Jobs by queue: due, active, failed with a retry, and the age of the oldest due job.
-- Normal: `oldest_due` below a few seconds. If it grows in every queue, no worker runs: look for "stallwright jobs" in
-- pool_use.sql. If it grows in one queue, its job fails or hangs: compare `running_since` with the queue's expire_seconds, and
-- see the log line "job failed" of `last_retried`. As stallwright_migrator: select data, output from pgboss.job where id =
-- '<id>';
select j.name as queue,
  count(*) filter (where j.state in ('created', 'retry') and j.start_after <= now()) as due,
  now() - min(j.start_after) filter (where j.state in ('created', 'retry') and j.start_after <= now()) as oldest_due,
  count(*) filter (where j.state = 'active') as running,
  now() - min(j.started_on) filter (where j.state = 'active') as running_since,
  count(*) filter (where j.state = 'retry') as to_be_tried_again,
  count(*) filter (where j.state = 'created' and j.start_after > now()) as for_later,
  max(j.completed_on) filter (where j.state = 'completed') as last_done,
  (array_agg(j.id order by j.started_on desc nulls last) filter (where j.state = 'retry'))[1] as last_retried
from pgboss.job j
where j.name <> 'dead_letters'
group by j.name
order by oldest_due desc nulls last, j.name;
