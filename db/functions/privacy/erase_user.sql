-- docs/PRIVACY.md says for each column whether it is deleted, replaced or kept. Each table has its statement here, in the order of
-- locks: db/README.md. A second call changes nothing.
-- Own texts about others stay without the person's words: others rely on reviews, and money needs its records.
create or replace function erase_user(user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_patterns text[];
  v_shop_ids bigint[];
begin
  perform from users u where u.id = erase_user.user_id and u.erased_at is not null for no key update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no account of this id that was closed by request_erasure.';
  end if;
  v_patterns := person_patterns(erase_user.user_id);
  v_shop_ids := array(select s.id from shops s where s.owner_id = erase_user.user_id);
  perform erase_person_from_orders(erase_user.user_id, v_shop_ids, v_patterns);

  perform from shop_sections x where x.shop_id = any (v_shop_ids) order by x.id for update;
  perform from products p where p.shop_id = any (v_shop_ids) order by p.id for no key update;
  update products p
  set title = without_person(p.title, v_patterns, 200), description = '', tags = '{}', images = '{}', materials = '{}',
    personalization = null, shipping_profile_id = null, archived_at = coalesce(p.archived_at, clock_timestamp())
  where p.shop_id = any (v_shop_ids);
  perform from variants v where v.shop_id = any (v_shop_ids) order by v.id for no key update;
  update variants v
  set images = '{}', archived_at = coalesce(v.archived_at, clock_timestamp()),
    option_values = array(
      select without_person(o.value, v_patterns, 100) from unnest(v.option_values) with ordinality o (value, place) order by o.place
    )
  where v.shop_id = any (v_shop_ids);
  delete from product_options o using products p where p.id = o.product_id and p.shop_id = any (v_shop_ids);
  delete from shop_sections x where x.shop_id = any (v_shop_ids);
  delete from cart_items ci where ci.user_id = erase_user.user_id;
  delete from holds h where h.user_id = erase_user.user_id;
  perform from shipping_profiles sp where sp.shop_id = any (v_shop_ids) order by sp.id for update;
  perform from shops s where s.id = any (v_shop_ids) order by s.id for no key update;
  update shops s
  set name = 'A former shop', description = '', banner = null, logo = null, vacation_message = null,
    vacation_from = null, vacation_until = null, has_rates = false
  where s.id = any (v_shop_ids);
  update processing_profiles pp set name = 'Former profile' where pp.shop_id = any (v_shop_ids);
  -- No payout is open. One that comes back finds its provider in its own row.
  update payout_accounts a set holder_name = null, iban = null, requirements = '{}' where a.shop_id = any (v_shop_ids);
  update payouts p set holder_name = null, iban = null where p.shop_id = any (v_shop_ids) and p.iban is not null;
  delete from shipping_profiles sp where sp.shop_id = any (v_shop_ids);
  update reviews r
  set comment = without_person(r.comment, v_patterns, 5000), reply = without_person(r.reply, v_patterns, 5000)
  where (r.reviewer_id = erase_user.user_id or r.shop_id = any (v_shop_ids)) and concat_ws(' ', r.comment, r.reply) ~* any (v_patterns);

  delete from mails m where m.user_id = erase_user.user_id and m.kind <> 'account_erased';
  delete from user_tokens t where t.user_id = erase_user.user_id;
  delete from sessions s where s.user_id = erase_user.user_id;
  delete from sign_in_addresses a where a.user_id = erase_user.user_id;
  delete from second_factors f where f.user_id = erase_user.user_id;
  delete from addresses a where a.user_id = erase_user.user_id;
  delete from favorites f where f.user_id = erase_user.user_id;
  delete from account_quotas q where q.user_id = erase_user.user_id;
  delete from key_counts k where k.user_id = erase_user.user_id;
  perform erase_kept_responses(erase_user.user_id, v_patterns);
  update pictures p set removed_at = clock_timestamp() where p.owner_id = erase_user.user_id and p.removed_at is null;
  if found then
    perform enqueue_job('remove_pictures', '{}');
  end if;

  update users u
  set email = erased_email(u.id), display_name = 'A former customer', password = '*',
    email_verified_at = null, locale = 'en', receives_notices = false, mail_rejected_at = null
  where u.id = erase_user.user_id;
end;
$$;
comment on function erase_user(bigint) is
  'Deletes or replaces the personal data of a closed account in all tables. SWNTF: request_erasure has not closed it.';
