-- `call` names what the key is for, such as the method and the route of an HTTP call: a key means one thing. lease_s: for how many seconds
-- the first call is taken to be alive.
-- Two calls with one key meet on the primary key: the second waits for the first transaction and then sees what that left. It waits a
-- second at most: a first call that is slow is one in progress.
-- Raises SWIDM (the key came with another request), SWIDP (the first call is still running), SWKEY (a new key, and too many of them).
create or replace function claim_key(user_id bigint, call text, key text, fingerprint bytea, lease_s integer default 0, quota_scale numeric default null)
returns table (
  answered boolean, checkout_id bigint, status_code integer, body text, location text, refusal jsonb, lease_until timestamptz
)
language plpgsql volatile security definer
set search_path = public, pg_temp
set lock_timeout = '1s'
as $$
declare
  v_record idempotency_keys;
begin
  answered := false;
  lease_until := clock_timestamp() + make_interval(secs => lease_s);
  insert into idempotency_keys (user_id, call, key, fingerprint, locked_until)
  values (claim_key.user_id, claim_key.call, claim_key.key, claim_key.fingerprint, claim_key.lease_until)
  on conflict do nothing;
  if found then
    perform check_keys(claim_key.user_id, claim_key.quota_scale);
  else
    select k.* into v_record from idempotency_keys k
    where k.user_id = claim_key.user_id and k.call = claim_key.call and k.key = claim_key.key
    for update;
    answered := num_nonnulls(v_record.body, v_record.refusal) = 1;
    if v_record.fingerprint <> claim_key.fingerprint then
      raise exception using errcode = 'SWIDM', message = 'This Idempotency-Key belongs to another request. Send a new key.';
    elsif not answered and v_record.locked_until > clock_timestamp() then
      raise exception using errcode = 'SWIDP', message = 'In progress';
    end if;
    update idempotency_keys k set locked_until = claim_key.lease_until
    where k.user_id = claim_key.user_id and k.call = claim_key.call and k.key = claim_key.key and not claim_key.answered;
    select v_record.checkout_id, v_record.status_code, v_record.body, v_record.location, v_record.refusal
    into checkout_id, status_code, body, location, refusal;
  end if;
  return next;
exception
  when lock_not_available then
    raise exception using errcode = 'SWIDP', message = 'In progress';
end;
$$;
comment on function claim_key(bigint, text, text, bytea, integer, numeric) is
  'Claims an Idempotency-Key for a call, or returns what the call answered. SWIDP: still running. SWIDM: another request. SWKEY: too many in a day.';
