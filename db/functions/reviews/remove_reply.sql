-- Locks: the review.
create or replace function remove_reply(review_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_review reviews := lock_review(review_id, user_id);
begin
  update reviews r set reply = null, replied_at = null where r.id = v_review.id;
end;
$$;
comment on function remove_reply(bigint, bigint) is
  'Deletes the shop''s reply to a review. A missing reply is no error. SWNTF, SWOWN.';
