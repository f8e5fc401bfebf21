-- The triggers of variants and options call it. The functions raise the same with the name of the field.
create or replace function check_variant_values(product_ids bigint[]) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if exists (
    select from variants v
    left join product_options o1 on o1.product_id = v.product_id and o1.position = 1
    left join product_options o2 on o2.product_id = v.product_id and o2.position = 2
    where v.product_id = any (check_variant_values.product_ids) and v.archived_at is null
      and (
        cardinality(v.option_values) <> case when o2.product_id is null then 1 else 2 end
        or v.option_values[1] = any (o1.option_values) is not true
        or o2.product_id is not null and v.option_values[2] = any (o2.option_values) is not true
      )
  ) then
    raise exception using errcode = 'SWINV', message = 'Each variant needs one value of each option of its listing.',
      detail = '{"field": "options"}';
  end if;
end;
$$;
comment on function check_variant_values(bigint[]) is
  'Refuses listings with a variant that has not exactly one value of each option. SWINV.';
