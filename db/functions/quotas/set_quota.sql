-- The stored counts of listings miss what SQL has deleted or dated earlier, so this function counts all listings again. Locks the
-- account.
create or replace function set_quota(user_id bigint, quota text, max integer) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform from users u where u.id = set_quota.user_id for no key update;
  insert into account_quotas as a (user_id, quota, max)
  values (set_quota.user_id, set_quota.quota, set_quota.max)
  on conflict on constraint account_quotas_pkey do update set max = excluded.max;
  if set_quota.quota = 'listings' then
    delete from listing_counts lc using shops s where s.id = lc.shop_id and s.owner_id = set_quota.user_id;
    perform count_listings(set_quota.user_id, null);
  end if;
end;
$$;
comment on function set_quota(bigint, text, integer) is
  'Sets how many of something one account may have, instead of the default; for `listings` it also recounts them. For operators.';
