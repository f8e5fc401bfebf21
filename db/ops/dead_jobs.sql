-- Jobs that failed for good: each was tried as often as its queue allows (src/platform/jobs/queues.ts) and is kept in dead_letters for 90 days.
-- Normal: no row. A settle_checkout or refund_* here is looked at by the reconciler again, which gives it a new job: see
-- stuck_payments.sql for what is still owed. A notify_seller here is a mail that was never sent.
-- What it was about and its last error may name people, so stallwright_readonly does not see them: the log line "job failed for
-- good" has them by the job's id, or ask as stallwright_migrator: select data, output from pgboss.job where id = '<id>';
select coalesce(j.source_name, j.name) as queue, coalesce(j.source_created_on, j.created_on) as created, j.created_on as died,
  coalesce(j.source_retry_count, j.retry_count) as tries, j.id, j.source_id
from pgboss.job j
where j.name = 'dead_letters' and j.state < 'completed'
order by j.created_on desc
limit 100;
