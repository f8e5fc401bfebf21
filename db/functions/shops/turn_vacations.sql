-- A job calls it every five minutes. The switch of the shop changes, so that its pages and the search follow as if its owner had changed
-- it. today: the day in UTC. Locks: the shops. Skips locked ones, which the next call finds.
create or replace function turn_vacations(today date default (now() at time zone 'UTC')::date)
returns table (shop_id bigint, is_on_vacation boolean)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with due as (
    select s.id from shops s
    where s.vacation_from <= turn_vacations.today and (not s.is_on_vacation or s.vacation_until < turn_vacations.today)
    order by s.id
    for no key update skip locked
  )
  update shops s
  set is_on_vacation = is_away(s, turn_vacations.today),
    vacation_from = case when s.vacation_until >= turn_vacations.today then s.vacation_from end,
    vacation_until = case when s.vacation_until >= turn_vacations.today then s.vacation_until end
  from due
  where s.id = due.id
  returning s.id, s.is_on_vacation
$$;
comment on function turn_vacations(date) is
  'Begins and ends the vacations whose dates have come. Returns the shops, and whether each is on vacation now.';
