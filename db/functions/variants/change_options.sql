-- The caller has locked the listing. The options keep their places, and a value that a variant has stays. A second option gives its
-- first value to all variants; tg_variants__apply_updated refuses that while a buyer holds one.
create or replace function change_options(product products, options jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_count constant integer := jsonb_array_length(options);
  v_before constant integer := (select count(*) from product_options o where o.product_id = product.id);
  v_used record;
begin
  perform check_options(options);
  if product.has_variants and v_count < v_before then
    perform refuse_field('options', 'The variants have a value of each option. Archive the variants before you remove an option.');
  end if;
  select values_of.place - 1 as place, values_of.value, options -> (values_of.place::integer - 1) ->> 'name' as name into v_used
  from variants v, unnest(v.option_values) with ordinality as values_of (value, place)
  where v.product_id = product.id and v.archived_at is null
    and not (options -> (values_of.place::integer - 1) -> 'values') ? values_of.value
  limit 1;
  if found then
    perform refuse_field(
      format('options/%s/values', v_used.place),
      format('A variant has the value "%s" of the option %s. Archive or change it first.', v_used.value, v_used.name)
    );
  end if;
  perform write_options(product.id, options);
  if product.has_variants and v_count > v_before then
    perform from variants v where v.product_id = product.id and v.archived_at is null order by v.id for no key update;
    update variants v set option_values = v.option_values || (options -> 1 -> 'values' ->> 0)
    where v.product_id = product.id and v.archived_at is null;
  end if;
end;
$$;
comment on function change_options(products, jsonb) is
  'Replaces the options of a locked listing, with all values that its variants have. SWINV, SWHLD.';
