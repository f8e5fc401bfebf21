-- The first response of a key stays its response: another caller may have settled the checkout before. cancel_checkout deletes
-- the record of a key that is free again; the response then counts for this call only. request_id: the request that the problem
-- of a failed payment names.
create or replace function store_checkout_response(checkout checkouts, request_id text) returns table (body text, refusal jsonb)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_body constant text := case when checkout.status <> 'cancelled' then checkout_json(checkout.id)::text end;
  v_refusal constant jsonb := case when checkout.status = 'cancelled'
    then payment_refusal_json(checkout.id, coalesce(request_id, gen_random_uuid()::text)) end;
begin
  update idempotency_keys k set body = v_body, refusal = v_refusal
  where is_key_of(k, checkout) and num_nonnulls(k.body, k.refusal) = 0;
  if found then
    return query select v_body, v_refusal;
    return;
  end if;
  return query
    select case when k.key is null then v_body else k.body end, case when k.key is null then v_refusal else k.refusal end
    from (select) as always
    left join idempotency_keys k on is_key_of(k, checkout);
end;
$$;
comment on function store_checkout_response(checkouts, text) is
  'Stores and returns the response to the key of a checkout: the checkout as JSON, or the refusal of the failed payment. A '
  'stored response stays.';
