-- The caller has locked the shop and checked the rates. The default profile's rate to the world goes to shops.shipping.
create or replace function put_rates(profile shipping_profiles, rates jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_world jsonb;
begin
  select r.rate into v_world from jsonb_array_elements(put_rates.rates) as r (rate) where r.rate ->> 'to' = 'world';
  if profile.is_default then
    if v_world is null then
      raise exception using errcode = 'SWWLD',
        message = 'The default shipping profile needs a rate to "world", because it is the shipping of the shop.';
    end if;
    update shops s
    set shipping = (s.shipping - '{days_min, days_max}'::text[]) || jsonb_strip_nulls(jsonb_build_object(
      'base', v_world ->> 'base', 'per_extra_item', v_world ->> 'per_extra_item',
      'days_min', v_world -> 'days_min', 'days_max', v_world -> 'days_max'
    ))
    where s.id = profile.shop_id;
  end if;
  delete from shipping_rates r where r.profile_id = profile.id;
  insert into shipping_rates (profile_id, destination, base, per_extra_item, days_min, days_max)
  select profile.id, r."to", r.base, r.per_extra_item, r.days_min, r.days_max
  from jsonb_to_recordset(put_rates.rates)
    as r ("to" text, base numeric, per_extra_item numeric, days_min smallint, days_max smallint)
  where r."to" <> 'world' or not profile.is_default;
end;
$$;
comment on function put_rates(shipping_profiles, jsonb) is
  'Replaces the rates of a shipping profile of a locked shop. SWWLD: the default needs a rate to the world.';
