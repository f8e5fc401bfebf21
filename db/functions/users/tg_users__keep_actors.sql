-- Not a foreign key: each event would look up its actor and write the index that deleting a user needs. Users are deleted only by
-- hand, so this trigger may read all events.
create or replace function tg_users__keep_actors() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if exists (select from order_events e where e.actor_id = old.id) then
    raise exception using errcode = 'SWAPP',
      message = format('User %s is the actor of order events, which never change. Keep the user.', old.id);
  end if;
  return old;
end;
$$;
comment on function tg_users__keep_actors() is 'Refuses to delete a user whom order events name as actor (SWAPP).';

create or replace trigger users__keep_actors before delete on users
  for each row execute function tg_users__keep_actors();
