create or replace function drop_settle_job(checkout checkouts) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from pgboss.job j
  where j.name = 'settle_checkout' and j.id = checkout.settle_job_id and j.state in ('created', 'retry');
  update checkouts c set settle_job_id = null where c.id = checkout.id and c.settle_job_id is not null;
$$;
comment on function drop_settle_job(checkouts) is
  'Deletes the queued job that would settle a checkout, because another caller has settled it.';
