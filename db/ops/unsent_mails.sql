-- Mails that are pending for longer than the first retries take, and mails that a mail server rejected for good in the last week.
-- A dropped mail is not here: it was beyond the limit of its address, or had nothing left to say.
-- Normal: no pending row. A rejected row is the wrong or full mailbox of one person. Many rejected rows at once: the mail server
-- rejects the sender (MAIL_FROM).
-- job_state of a pending row: `retry` means that the mail server does not take the mail; the worker tries for about 20 minutes.
-- `created` means that no worker runs (waiting_jobs.sql). Without a live job (`failed`, or null) the mail is not sent again by
-- itself: remove the cause, then run as stallwright_migrator: select enqueue_job('send_mails', jsonb_build_object('mail_ids',
-- jsonb_build_array(id))) from mails where status = 'pending' and created_at < now() - interval '30 minutes'. A mail is sent once,
-- however many jobs name it. For the address and the reason: select email, failure from mails where id = <id>.
select m.status, m.id, m.kind, m.user_id, m.fact_id, m.created_at, m.taken_at as first_try,
  j.state as job_state, j.tries as job_tries, j.id as job_id
from mails m
left join lateral show_job('send_mails', jsonb_build_object('mail_ids', jsonb_build_array(m.id))) j on m.status = 'pending'
where m.status = 'pending' and m.created_at < now() - interval '5 minutes'
  or m.status = 'rejected' and m.created_at > now() - interval '7 days'
order by m.status, m.created_at
limit 200;
