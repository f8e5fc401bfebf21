-- A review is public, so another user gets SWOWN and not SWNTF. Locks: the review.
create or replace function reply_to_review(review_id bigint, user_id bigint, comment text) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_review reviews := lock_review(review_id, user_id);
begin
  update reviews r set reply = reply_to_review.comment, replied_at = clock_timestamp() where r.id = v_review.id
  returning r.* into v_review;
  return query select review_json(v_review, u) from users u where u.id = v_review.reviewer_id;
end;
$$;
comment on function reply_to_review(bigint, bigint, text) is
  'Sets the shop''s public reply to a review. SWNTF, SWOWN.';
