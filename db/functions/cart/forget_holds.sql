-- After the hold_pause a hold no longer delays the next one. The cart shows a lapse for a day; a lapse that its buyer has not
-- seen stops a checkout for 30 days.
create or replace function forget_holds(batch_size integer default 1000) returns integer
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with old as (
    select h.user_id, h.product_id, h.stock_variant_id from holds h
    where h.held_until < now() - hold_pause()
      and (h.lapsed_at is null
        or h.lapsed_at < now() - case when h.is_lapse_unseen then interval '30 days' else interval '1 day' end)
    limit batch_size
    for update skip locked
  ),
  forgotten as (
    delete from holds h using old
    where h.user_id = old.user_id and h.product_id = old.product_id and h.stock_variant_id = old.stock_variant_id
    returning 1
  )
  select count(*)::integer from forgotten
$$;
comment on function forget_holds(integer) is 'Deletes up to batch_size holds that no rule needs. Returns the number.';
