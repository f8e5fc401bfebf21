-- Bounds what an account fills of the disk with keys, which are kept for two days: their number, and the bytes of their answers to
-- 16 KiB each on average. The new key is there already, and its answer not yet. It locks nobody: of calls at once a few more may pass,
-- and none waits for another. Counts all keys of the account's last day, so that the account pays for its own: 20,000 take some 15 ms.
-- Raises SWKEY.
create or replace function check_keys(user_id bigint, quota_scale numeric) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_bytes_each constant bigint := 16 * 1024;
  v_max bigint := quota_of(check_keys.user_id, 'keys', quota_scale);
  v_keys bigint;
  v_bytes bigint;
begin
  if quota_scale is null then
    return;
  end if;
  select count(*), sum(octet_length(k.body)) into v_keys, v_bytes
  from idempotency_keys k
  where k.user_id = check_keys.user_id and k.created_at > clock_timestamp() - interval '1 day';
  if v_keys > v_max or v_bytes > v_max * v_bytes_each then
    raise exception using errcode = 'SWKEY',
      message = format('This account sent %s keys in a day, which fill what it may keep. Try again later, or without an Idempotency-Key where the call needs none.', v_keys - 1),
      detail = json_build_object('quota', 'keys', 'limit', v_max);
  end if;
end;
$$;
comment on function check_keys(bigint, numeric) is
  'Refuses one more Idempotency-Key of an account that sent as many in a day as its quota times quota_scale, or whose kept answers are too large; null: no quota. SWKEY.';
