-- The caller has locked the shop and checked the upgrades. An upgrade names its id, or its name and destination identify it, unless
-- another one names that id. It keeps its id if neither price rises. Otherwise it gets a new one, so that a checkout with the old
-- id fails and charges no more than its buyer saw.
create or replace function put_upgrades(profile shipping_profiles, upgrades jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_old constant jsonb := (select jsonb_agg(to_jsonb(u)) from shipping_upgrades u where u.profile_id = profile.id);
  v_named constant bigint[] := array(select u.id from jsonb_to_recordset(upgrades) as u (id bigint) where u.id is not null);
  v_wrong record;
begin
  select u.place, u.is_repeated into v_wrong
  from (
    select n.place, row_number() over (partition by n.id order by n.place) > 1 as is_repeated,
      exists (select from shipping_upgrades o where o.profile_id = profile.id and o.id = n.id) as is_known
    from rows from (jsonb_to_recordset(put_upgrades.upgrades) as (id bigint)) with ordinality as n (id, place)
    where n.id is not null
  ) u
  where u.is_repeated or not u.is_known
  order by u.place
  limit 1;
  if found then
    raise exception using errcode = 'SWINV',
      message = case when v_wrong.is_repeated then 'The upgrade comes twice.'
        else 'The shipping profile has no such upgrade.' end,
      detail = json_build_object('field', format('upgrades/%s/id', v_wrong.place - 1));
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
    on case when u.id is not null then o.id = u.id
      else o.name = u.name and o.destination = u."to" and o.id <> all (v_named) end;
end;
$$;
comment on function put_upgrades(shipping_profiles, jsonb) is
  'Replaces the upgrades of a shipping profile of a locked shop. An upgrade whose price rises gets a new id. '
  'SWINV: an unknown id, or one that comes twice.';
