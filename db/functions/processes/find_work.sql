-- One look for all kinds of work, so that an idle process needs no loop of statements for each of them. Each kind costs one or
-- two probes of an index. `order by` makes PostgreSQL use the index: a sequential scan would read the dead rows of a table that
-- is emptied all the time.
create or replace function find_work(kinds text[]) returns text[]
language sql stable
set search_path = public, pg_temp
as $$
  select array(
    select k.kind from unnest(kinds) k (kind)
    where case k.kind
      when 'changes' then (select c.id from changes c order by c.id limit 1) is not null
      when 'search_changes' then
        (select sc.queued_at from search_changes sc where sc.refusal is null order by sc.queued_at limit 1) is not null
        or (select sc.queued_at from search_shop_changes sc order by sc.queued_at limit 1) is not null
      when 'search_words' then (select wc.id from search_word_changes wc order by wc.id limit 1) is not null
      when 'pending_checkouts' then
        exists (
          select from checkouts c
          where c.status = 'pending' and c.settle_after < clock_timestamp()
            and exists (select from payments p where p.checkout_id = c.id and p.method is not null)
        )
      when 'expired_jobs' then exists (
        select from pgboss.job j
        where j.name = any(kinds) and j.state = 'active'
          and j.started_on + make_interval(secs => j.expire_seconds) < clock_timestamp()
      )
      else exists (
        select from pgboss.job j
        where j.name = k.kind and j.state in ('created', 'retry') and not j.blocked and j.start_after <= clock_timestamp()
      )
    end
  )
$$;
comment on function find_work(text[]) is
  'Returns the kinds of work that wait: changes, search_changes, search_words, pending_checkouts, expired_jobs (of the queues '
  'in kinds), or the name of a queue with a job that is due.';
