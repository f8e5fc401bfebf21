-- No search_path: inlined.
create or replace function payout_json(p payouts) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'id', p.id,
    'shop_id', p.shop_id,
    'amount', p.amount::text,
    'currency', 'USD',
    'status', p.status,
    'created_at', to_rfc3339(p.created_at),
    'paid_at', to_rfc3339(p.paid_at)
  )
$$;
comment on function payout_json(payouts) is 'Renders a payout.';
