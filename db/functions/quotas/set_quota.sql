create or replace function set_quota(user_id bigint, quota text, max integer) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  insert into account_quotas (user_id, quota, max)
  values (set_quota.user_id, set_quota.quota, set_quota.max)
  on conflict (user_id, quota) do update set max = excluded.max
$$;
comment on function set_quota(bigint, text, integer) is 'Lets one account have more, or less, of something than default_quotas says. For operators.';
