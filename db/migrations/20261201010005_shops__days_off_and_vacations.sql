-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table shops
  add column days_off smallint[] not null default '{}',
  add column if not exists vacation_from date,
  add column vacation_until date,
  add column return_policy jsonb,
  add constraint shops_days_off_leave_a_working_day check (
    cardinality(days_off) <= 6 and days_off <@ '{1,2,3,4,5,6,7}'::smallint[] and array_position(days_off, null) is null
  ) not valid,
  add constraint shops_return_policy_is_whole check (
    return_policy is null or coalesce(
      jsonb_typeof(return_policy -> 'accepts_returns') = 'boolean'
      and jsonb_typeof(return_policy -> 'accepts_exchanges') = 'boolean'
      and ((return_policy ->> 'accepts_returns')::boolean or (return_policy ->> 'accepts_exchanges')::boolean)
        = ((return_policy ->> 'days') is not null)
      and coalesce((return_policy ->> 'days')::integer between 1 and 365, true), false)
  ) not valid,
  add constraint shops_vacation_has_two_ends check ((vacation_from is null) = (vacation_until is null)) not valid,
  add constraint shops_vacation_is_at_most_two_years
    check (vacation_until between vacation_from and vacation_from + 731) not valid;
comment on column shops.days_off is 'The weekdays on which the shop does not work, 1 (Monday) to 7 (Sunday). ship_by skips them.';
comment on column shops.vacation_from is
  'The first day (UTC) of the planned or running vacation; null without dates. A job sets is_on_vacation on this day.';
comment on column shops.vacation_until is
  'The last day (UTC) of the vacation. On the next day a job clears is_on_vacation and both dates.';
comment on column shops.return_policy is
  '{accepts_returns, accepts_exchanges, days}: days after the arrival, null if the shop accepts neither. Null: not stated.';

-- migrate:down
alter table shops
  drop column days_off, drop column vacation_from, drop column vacation_until, drop column return_policy;
