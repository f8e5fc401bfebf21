-- `call` is the scope of the key, such as the method and the route of an HTTP call. lease_s: seconds for which the first call
-- counts as running. Two calls with one key meet on the primary key. The second waits for the first transaction, for a second at
-- most, and then reads its record. A slower first call counts as running.
create or replace function claim_key(
  user_id bigint, call text, key text, fingerprint bytea, lease_s integer default 0, quota_scale numeric default null
)
returns table (
  has_response boolean, checkout_id bigint, status_code integer, body text, location text, refusal jsonb, lease_until timestamptz
)
language plpgsql volatile security definer
set search_path = public, pg_temp
set lock_timeout = '1s'
as $$
declare
  v_record idempotency_keys;
begin
  has_response := false;
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
    has_response := num_nonnulls(v_record.body, v_record.refusal) = 1;
    if v_record.fingerprint <> claim_key.fingerprint then
      raise exception using errcode = 'SWIDM', message = 'This Idempotency-Key belongs to another request. Send a new key.';
    elsif v_record.refusal ->> 'code' = 'SWGON' then
      raise exception using errcode = 'SWGON',
        message = 'The call took effect, but its response held data of a person who was deleted since. Read the resource instead.';
    elsif not has_response and v_record.locked_until > clock_timestamp() then
      raise exception using errcode = 'SWIDP', message = 'In progress';
    end if;
    update idempotency_keys k set locked_until = claim_key.lease_until
    where k.user_id = claim_key.user_id and k.call = claim_key.call and k.key = claim_key.key and not claim_key.has_response;
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
  'Claims an Idempotency-Key for a call, or returns the stored response. SWIDP: the first call is running. SWIDM: another '
  'request has the key. SWGON: the response was deleted with a person. SWKEY: too many keys in a day.';
