-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table shops validate constraint shops_days_off_leave_a_working_day;
alter table shops validate constraint shops_return_policy_is_whole;
alter table shops validate constraint shops_vacation_has_two_ends;
alter table shops validate constraint shops_vacation_is_at_most_two_years;

-- migrate:down
-- The previous migration drops the columns.
select;
