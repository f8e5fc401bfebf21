create or replace function store_response(
  user_id bigint, call text, key text, status_code integer, body text, refusal jsonb default null, location text default null
)
returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update idempotency_keys k
  set status_code = store_response.status_code, body = store_response.body, refusal = store_response.refusal,
    location = store_response.location
  where k.user_id = store_response.user_id and k.call = store_response.call and k.key = store_response.key
    and num_nonnulls(k.body, k.refusal) = 0
$$;
comment on function store_response(bigint, text, text, integer, text, jsonb, text) is
  'Stores the response of a call once: a body with its status, or an error.';
