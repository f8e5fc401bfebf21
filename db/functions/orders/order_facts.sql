create or replace function order_facts(o orders) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_order constant jsonb := order_json(o, false);
begin
  return without_personal_fields(v_order) || jsonb_build_object(
    'refunds', (select coalesce(jsonb_agg(without_personal_fields(r)), '[]') from jsonb_array_elements(v_order -> 'refunds') r),
    'shipments', (select coalesce(jsonb_agg(without_personal_fields(s)), '[]') from jsonb_array_elements(v_order -> 'shipments') s)
  );
end;
$$;
comment on function order_facts(orders) is
  'Returns order_json without the fields that events must not hold: what replay_order rebuilds.';
