create or replace function answer_key(
  user_id bigint, call text, key text, status_code integer, body text, refusal jsonb default null, location text default null
)
returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update idempotency_keys k
  set status_code = answer_key.status_code, body = answer_key.body, refusal = answer_key.refusal, location = answer_key.location
  where k.user_id = answer_key.user_id and k.call = answer_key.call and k.key = answer_key.key
    and num_nonnulls(k.body, k.refusal) = 0
$$;
comment on function answer_key(bigint, text, text, integer, text, jsonb, text) is
  'Stores the response of a call once: a body with its status, or an error.';
