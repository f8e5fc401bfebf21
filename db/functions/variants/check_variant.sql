-- `path` comes before the field in errors, such as `variants/0/`.
create or replace function check_variant(options jsonb, stock_by text, variant jsonb, path text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_unknown record;
begin
  if jsonb_array_length(options) = 0 then
    perform refuse_field('options', 'A variant needs an option of its listing. Send options first, such as Size with S and M.');
  end if;
  if jsonb_array_length(variant -> 'option_values') <> jsonb_array_length(options) then
    perform refuse_field(path || 'option_values', format(
      'A variant has one value of each option: %s.',
      (select string_agg(o.value ->> 'name', ', ' order by o.ordinality) from jsonb_array_elements(options) with ordinality o)
    ));
  end if;
  select v.value, v.ordinality - 1 as place, options -> (v.ordinality::integer - 1) ->> 'name' as name into v_unknown
  from jsonb_array_elements_text(variant -> 'option_values') with ordinality v
  where not (options -> (v.ordinality::integer - 1) -> 'values') ? v.value
  limit 1;
  if found then
    perform refuse_field(
      format('%soption_values/%s', path, v_unknown.place),
      format('"%s" is not a value of the option %s.', v_unknown.value, v_unknown.name)
    );
  end if;
  if stock_by = 'variant' and variant ->> 'quantity' is null then
    perform refuse_field(path || 'quantity', 'With stock_by variant each variant needs its own quantity.');
  elsif stock_by = 'product' and variant ->> 'quantity' is not null then
    perform refuse_field(
      path || 'quantity', 'With stock_by product the variants share the quantity of the listing. Send none for a variant.'
    );
  end if;
end;
$$;
comment on function check_variant(jsonb, text, jsonb, text) is
  'Refuses a variant without exactly one value of each option, and a quantity that does not go with stock_by. SWINV.';
