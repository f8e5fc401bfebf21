-- Jobs that failed for good: after all retries of their queue (src/platform/jobs/queues.ts). dead_letters keeps them for 90 days.
-- Normal: no row. An open refund gets a new job within a minute, a pending checkout within 30 s. stuck_payments.sql shows both.
-- A failed send_mails has mails that were not sent: those of its mail_ids that are still pending in mails.
-- The data and the last error can name people, so stallwright_readonly does not see them. The log line "job failed for good" has
-- them by the job's id, or as stallwright_migrator: select data, output from pgboss.job where id = '<id>';
select coalesce(j.source_name, j.name) as queue, coalesce(j.source_created_on, j.created_on) as created, j.created_on as died,
  coalesce(j.source_retry_count, j.retry_count) as tries, j.id, j.source_id
from pgboss.job j
where j.name = 'dead_letters' and j.state < 'completed'
order by j.created_on desc
limit 100;
