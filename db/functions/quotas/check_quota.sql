-- The API passes a scale. Imports, seeds, transfers and plain SQL pass null. Locks the account, so that each of several
-- concurrent calls counts what the calls before it wrote.
create or replace function check_quota(user_id bigint, quota text, quota_scale numeric) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_max bigint;
  v_held bigint;
begin
  if quota_scale is null then
    return;
  end if;
  perform lock_buyer(check_quota.user_id);
  v_max := quota_of(check_quota.user_id, check_quota.quota, quota_scale);
  v_held := count_held(check_quota.user_id, check_quota.quota, v_max);
  if v_held >= v_max then
    raise exception using errcode = 'SWQTA',
      message = format(
        'This account has reached its limit of %s %s. Ask the operator of the marketplace for a higher limit.', v_max,
        case check_quota.quota when 'listings' then 'listings, archived ones included' else check_quota.quota end
      ),
      detail = json_build_object('quota', check_quota.quota, 'limit', v_max);
  end if;
end;
$$;
comment on function check_quota(bigint, text, numeric) is
  'Refuses one more of `quota` if the account has reached its quota times quota_scale. A null quota_scale means no quota. SWQTA.';
