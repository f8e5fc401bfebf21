create or replace function quota_of(user_id bigint, quota text, quota_scale numeric) returns bigint
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select ceil(coalesce(a.max, d.max) * quota_of.quota_scale)::bigint
    from default_quotas() d
    left join account_quotas a on a.user_id = quota_of.user_id and a.quota = d.quota
    where d.quota = quota_of.quota
  );
end;
$$;
comment on function quota_of(bigint, text, numeric) is
  'Returns how many of something an account may have: its own maximum or the default, times quota_scale, rounded up.';
