create or replace function tg_sessions__note_ended() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform note_changes(array(select 'session:' || encode(e.token_hash, 'hex') from ended e));
  return null;
end;
$$;
comment on function tg_sessions__note_ended() is 'Writes ended sessions into changes.';

create or replace trigger sessions__note_ended after delete on sessions
  referencing old table as ended for each statement execute function tg_sessions__note_ended();
