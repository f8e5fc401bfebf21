-- mails: [{kind, user_id, fact_id, email}]. Without email a mail goes to the person's address. user_id can be null only with
-- email. A repeated fact, an erased person and an unsubscribed notice write nothing. One job sends them all.
create or replace function write_mails(mails jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_ids jsonb;
begin
  with written as (
    insert into mails (kind, is_about_order, user_id, email, locale, fact_id)
    select k.kind, k.is_about_order, u.id, coalesce(m.email, u.email), coalesce(u.locale, 'en'), m.fact_id
    from jsonb_to_recordset(write_mails.mails) as m (kind text, user_id bigint, fact_id bigint, email text)
    -- A kind that does not exist violates a constraint.
    left join mail_kinds() k on k.kind = m.kind
    -- `limit 1` makes PostgreSQL look each person up: it expects a hundred mails, and would read all users.
    left join lateral (select * from users where users.id = m.user_id limit 1) u on true
    where num_nonnulls(m.email, u.email) > 0
      and u.erased_at is null
      and (not k.is_notice or u.receives_notices and u.mail_rejected_at is null)
    on conflict do nothing
    returning id
  )
  select jsonb_agg(w.id order by w.id) into v_ids from written w;
  if v_ids is not null then
    perform enqueue_job('send_mails', jsonb_build_object('mail_ids', v_ids));
  end if;
end;
$$;
comment on function write_mails(jsonb) is
  'Writes mails in the caller''s transaction, and the job that sends them. A fact that a mail has told already writes none.';
