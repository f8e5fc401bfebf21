-- The responses to sellers have the buyer's address, those to replies the reviewer's name. The key stays and names its error, so
-- that a retry does not run the call a second time (claim_key). The name of a response in the key-value store is the one of
-- src/http/idempotency/fast_path.ts.
create or replace function erase_kept_responses(user_id bigint, patterns text[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_shown constant text := format('"(buyer_id|reviewer_id)" ?: ?%1$s\M|"reviewer" ?: ?\{"id" ?: ?%1$s\M', user_id);
  v_keys text[];
begin
  with own as (
    delete from idempotency_keys k where k.user_id = erase_kept_responses.user_id returning k.*
  ),
  of_others as (
    update idempotency_keys k
    set status_code = null, body = null, location = null, refusal = '{"code": "SWGON"}'
    where k.user_id in (
        select s.owner_id from orders o join shops s on s.id = o.shop_id where o.buyer_id = erase_kept_responses.user_id
      )
      and k.user_id <> erase_kept_responses.user_id
      and (k.body ~ v_shown or k.call ~ 'orders|shipments|refunds|reviews' and k.body ~* any (patterns))
    returning k.*
  )
  select array_agg(kept_response_name(k)) into v_keys from (select * from own union all select * from of_others) k;
  perform note_changes(coalesce(v_keys, '{}'));
end;
$$;
comment on function erase_kept_responses(bigint, text[]) is
  'Deletes the Idempotency-Keys of a person, and the responses to sellers that hold the person.';
