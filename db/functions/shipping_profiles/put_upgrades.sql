-- The caller has locked the shop and checked the upgrades. An upgrade names its id, or its name and destination identify it. It
-- keeps its id if neither price rises. Otherwise it gets a new one, so that a checkout with the old id fails and charges no more
-- than its buyer saw.
create or replace function put_upgrades(profile shipping_profiles, upgrades jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_old constant jsonb := (select jsonb_agg(to_jsonb(u)) from shipping_upgrades u where u.profile_id = profile.id);
  v_unknown bigint;
begin
  select min(u.place) into v_unknown
  from rows from (jsonb_to_recordset(put_upgrades.upgrades) as (id bigint)) with ordinality as u (id, place)
  where u.id is not null
    and not exists (select from shipping_upgrades o where o.profile_id = profile.id and o.id = u.id);
  if v_unknown is not null then
    raise exception using errcode = 'SWINV', message = 'The shipping profile has no such upgrade.',
      detail = json_build_object('field', format('upgrades/%s/id', v_unknown - 1));
  end if;
  -- All are written again, so that two upgrades can swap their names.
  delete from shipping_upgrades u where u.profile_id = profile.id;
  insert into shipping_upgrades (id, profile_id, name, destination, price, per_extra_item)
  overriding system value
  select coalesce(
      case when u.price <= o.price and u.per_extra_item <= o.per_extra_item then o.id end,
      nextval(pg_get_serial_sequence('shipping_upgrades', 'id'))
    ),
    profile.id, u.name, u."to", u.price, u.per_extra_item
  from jsonb_to_recordset(put_upgrades.upgrades) as u (id bigint, name text, "to" text, price numeric, per_extra_item numeric)
  left join jsonb_to_recordset(v_old) as o (id bigint, name text, destination text, price numeric, per_extra_item numeric)
    on case when u.id is not null then o.id = u.id else o.name = u.name and o.destination = u."to" end;
end;
$$;
comment on function put_upgrades(shipping_profiles, jsonb) is
  'Replaces the upgrades of a shipping profile of a locked shop. An upgrade whose price rises gets a new id. SWINV: an unknown id.';
