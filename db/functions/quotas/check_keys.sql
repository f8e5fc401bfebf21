-- Bounds the disk space of an account's keys, which stay for two days: their number, and their stored responses to 16 KiB each on
-- average. The caller has already inserted the new key, without its response. Concurrent calls can pass the limit by a few keys,
-- because no call waits for another: if another call holds the lock, this call stores no count. The bytes of a response that
-- arrives 10 s or more after its key may be missing from the count.
create or replace function check_keys(user_id bigint, quota_scale numeric) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_keep_after constant integer := 100;
  v_bytes_each constant bigint := 16 * 1024;
  v_max bigint := quota_of(check_keys.user_id, 'keys', quota_scale);
  v_count record;
begin
  if quota_scale is null then
    return;
  end if;
  select * into v_count from count_keys(check_keys.user_id);
  if v_count.keys > v_max then
    raise exception using errcode = 'SWKEY',
      message = format(
        'This account has reached its limit of %s Idempotency-Keys in 24 hours. Try again later.', v_count.keys - 1
      ),
      detail = json_build_object('quota', 'keys', 'limit', v_max);
  elsif v_count.bytes > v_max * v_bytes_each then
    raise exception using errcode = 'SWKEY',
      message = 'The stored responses for the Idempotency-Keys of this account are too large. Try again later.',
      detail = json_build_object('quota', 'keys', 'limit', v_max);
  end if;
  if v_count.final_keys >= v_keep_after
    and pg_try_advisory_xact_lock(hashtextextended('check_keys', check_keys.user_id)) then
    -- Count again: the call that held the lock before may have stored these keys already.
    insert into key_counts (user_id, newest_created_at, keys, bytes)
    select check_keys.user_id, c.newest_final_at, c.final_keys, c.final_bytes
    from count_keys(check_keys.user_id) c
    where c.final_keys >= v_keep_after;
  end if;
end;
$$;
comment on function check_keys(bigint, numeric) is
  'Refuses one more Idempotency-Key if the account has used up its quota of keys for a day, times quota_scale, or its space '
  'for stored responses. A null quota_scale means no quota. SWKEY.';
