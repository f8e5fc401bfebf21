-- `changes` has the changed fields with the API's names. Null clears banner_url, logo_url, vacation_message, the dates of the
-- vacation or return_policy. A vacation begins after the checkouts that have locked the shop, and before those that wait for it.
-- `versions` come from shop_version; is_current compares them. Locks: the shop. Raises SWVER (changed since), SWINV (invalid shipping
-- profile, vacation or return policy).
--
-- New dates that contain today begin the vacation, and others end one that earlier dates began. is_on_vacation decides if it is
-- sent: true needs no dates, false ends a vacation and removes its dates.
create or replace function update_shop(shop_id bigint, user_id bigint, changes jsonb, versions text[] default null)
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_today constant date := (now() at time zone 'UTC')::date;
  v_has_new_dates constant boolean := changes ?| array['vacation_from', 'vacation_until'];
  v_before shops;
  v_after shops;
begin
  perform check_shop_owner(update_shop.shop_id, update_shop.user_id);
  perform from shops s where s.id = update_shop.shop_id for no key update;
  perform refuse_erased(update_shop.user_id);
  select s.* into v_before from shops s where s.id = update_shop.shop_id;
  if not is_current(shop_version(v_before), versions) then
    raise exception using errcode = 'SWVER',
      message = 'The shop has changed since you read it. Read it again and repeat the change.';
  end if;
  v_after := jsonb_populate_record(v_before, changes - '{shipping, days_off}'::text[]);
  if not v_has_new_dates
    and (v_before.vacation_until < v_today or v_before.vacation_from <= v_today and changes -> 'is_on_vacation' = 'false')
  then
    v_after.vacation_from := null;
    v_after.vacation_until := null;
  end if;
  v_after.is_on_vacation := coalesce(
    (changes ->> 'is_on_vacation')::boolean,
    v_before.is_on_vacation and not (
      v_has_new_dates and coalesce(v_before.vacation_from <= v_today, false) or coalesce(v_before.vacation_until < v_today, false)
    )
  );
  perform check_shipping(changes -> 'shipping');
  perform check_return_policy(v_after.return_policy);
  perform check_vacation(v_before, v_after, v_today);
  if v_after.vacation_from <= v_today and changes -> 'is_on_vacation' = 'false' then
    raise exception using errcode = 'SWINV', detail = '{"field": "is_on_vacation"}',
      message = 'The dates of the vacation contain today. Send later dates, or leave is_on_vacation out.';
  end if;
  return query
    update shops s set
      name = coalesce(changes ->> 'name', s.name),
      description = coalesce(changes ->> 'description', s.description),
      banner = case when changes ? 'banner_url' then changes ->> 'banner_url' else s.banner end,
      logo = case when changes ? 'logo_url' then changes ->> 'logo_url' else s.logo end,
      is_on_vacation = is_away(v_after, v_today),
      vacation_message = v_after.vacation_message,
      vacation_from = v_after.vacation_from,
      vacation_until = v_after.vacation_until,
      days_off = case when changes ? 'days_off'
        then array(select d::smallint from jsonb_array_elements_text(changes -> 'days_off') d order by 1) else s.days_off end,
      return_policy = v_after.return_policy,
      shipping = s.shipping || coalesce(changes -> 'shipping', '{}')
    where s.id = update_shop.shop_id
    returning shop_json(s), shop_version(s);
end;
$$;
comment on function update_shop(bigint, bigint, jsonb, text[]) is
  'Changes a shop for its owner, if it has one of the versions. SWNTF, SWOWN, SWVER, SWINV.';
