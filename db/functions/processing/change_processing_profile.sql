-- changes: the changed fields. Orders keep the days that they were sold with. A listing that becomes vintage meanwhile waits for
-- the lock (check_processing_profile). Locks: the profile.
create or replace function change_processing_profile(profile_id bigint, user_id bigint, changes jsonb)
returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_before constant processing_profiles := lock_processing_profile(profile_id, user_id);
  v_after constant processing_profiles := jsonb_populate_record(v_before, changes);
begin
  perform check_processing_days(v_after.days_min, v_after.days_max);
  if v_after.readiness = 'made_to_order' and v_before.readiness <> 'made_to_order' and exists (
    select from unnest(products_of_profile(v_before)) used (id)
    join products p on p.id = used.id
    where p.is_vintage
  ) then
    raise exception using errcode = 'SWINV', detail = '{"field": "readiness"}',
      message = 'A vintage listing uses this profile, and nothing vintage is made to order. Give the listing another profile first.';
  end if;
  return query
    update processing_profiles pp
    set name = v_after.name, readiness = v_after.readiness, days_min = v_after.days_min, days_max = v_after.days_max
    where pp.id = v_before.id
    returning processing_profile_json(pp);
end;
$$;
comment on function change_processing_profile(bigint, bigint, jsonb) is
  'Changes a processing profile for its shop''s owner. SWNTF, SWOWN, SWINV.';
