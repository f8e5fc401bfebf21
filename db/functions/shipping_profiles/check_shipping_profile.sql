-- profile: fields of the API. Names the first wrong field. The API's schema has checked types and lengths.
create or replace function check_shipping_profile(profile jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_field text;
  v_message text;
begin
  select p.field, p.message into v_field, v_message
  from (
    select 0 as part, 0::bigint as place, 'origin_country' as field,
      case when not exists (select from countries c where c.code = profile ->> 'origin_country')
        then 'The country must be an ISO 3166-1 code of two capital letters, such as "US".' end as message
    where profile ->> 'origin_country' is not null
    union all
    select 1, r.place, format('rates/%s/to', r.place - 1),
      case
        when not is_destination(r."to") then 'The destination must be a country of ISO 3166-1, "eu" or "world".'
        when count(*) over (partition by r."to" order by r.place) > 1 then format('The destination "%s" comes twice.', r."to")
      end
    from rows from (jsonb_to_recordset(profile -> 'rates') as ("to" text)) with ordinality as r ("to", place)
    union all
    select 1, r.place, format('rates/%s/days_max', r.place - 1),
      case
        when r.days_max < r.days_min then 'days_max must not be less than days_min.'
        when (r.days_min is null) <> (r.days_max is null) then 'Send days_min and days_max together.'
      end
    from rows from (jsonb_to_recordset(profile -> 'rates') as (days_min integer, days_max integer))
      with ordinality as r (days_min, days_max, place)
    union all
    select 2, u.place,
      format('upgrades/%s/%s', u.place - 1, case when is_destination(u."to") then 'name' else 'to' end),
      case
        when not is_destination(u."to") then 'The destination must be a country of ISO 3166-1, "eu" or "world".'
        when count(*) over (partition by u.name, u."to" order by u.place) > 1
          then format('The upgrade "%s" comes twice for "%s".', u.name, u."to")
      end
    from rows from (jsonb_to_recordset(profile -> 'upgrades') as (name text, "to" text))
      with ordinality as u (name, "to", place)
  ) p
  where p.message is not null
  order by p.part, p.place
  limit 1;
  if found then
    raise exception using errcode = 'SWINV', message = v_message, detail = json_build_object('field', v_field);
  end if;
end;
$$;
comment on function check_shipping_profile(jsonb) is
  'Refuses a shipping profile with an unknown country, a destination or an upgrade that comes twice, or days out of order. SWINV.';
