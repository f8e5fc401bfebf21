create or replace function lock_review(review_id bigint, owner_id bigint) returns reviews
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_review reviews;
begin
  select r.* into v_review from reviews r where r.id = lock_review.review_id for no key update;
  if v_review.id is null then
    raise exception using errcode = 'SWNTF', message = 'There is no such review.';
  end if;
  perform check_shop_owner(v_review.shop_id, lock_review.owner_id);
  perform refuse_erased(lock_review.owner_id);
  return v_review;
end;
$$;
comment on function lock_review(bigint, bigint) is 'Locks a review for the owner of its shop. SWNTF, SWOWN.';
