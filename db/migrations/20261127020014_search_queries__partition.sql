-- migrate:up
-- The log keeps 90 days, and nobody waits for it: it is copied.
set local lock_timeout = '2s';
set local statement_timeout = '10min';
lock table search_queries, search_reformulations in access exclusive mode;
-- squawk-ignore renaming-table
alter table search_queries rename to search_queries_whole;
alter table search_queries_whole rename constraint search_queries_pkey to search_queries_whole_pkey;
-- squawk-ignore renaming-table
alter table search_reformulations rename to search_reformulations_whole;
alter table search_reformulations_whole rename constraint search_reformulations_pkey to search_reformulations_whole_pkey;

create table search_queries (
  day date not null default current_date,
  q text not null,
  searches integer not null,
  zero_results integer not null default 0,
  corrected integer not null default 0,
  primary key (day, q),
  constraint search_queries_q_has_a_sane_length check (char_length(q) between 1 and 200),
  constraint search_queries_counts_are_of_searches check (zero_results between 0 and searches and corrected between 0 and searches)
) partition by range (day);
comment on table search_queries is
  'What was searched for, a row a day, without who did. Rare queries are forgotten after a week, the others after 90 days. A partition a month.';
comment on column search_queries.corrected is 'How often the speller knew better words.';

create table search_reformulations (
  day date not null default current_date,
  from_q text not null,
  to_q text not null,
  times integer not null,
  primary key (day, from_q, to_q),
  constraint search_reformulations_are_two_queries check (from_q <> to_q),
  constraint search_reformulations_times_is_positive check (times > 0)
) partition by range (day);
comment on table search_reformulations is
  'Queries that found nothing, with what the same person, within minutes, found something by. A partition a month.';

with months as (
  select date_trunc('month', current_date + n * interval '1 month')::date as month from generate_series(-3, 12) n
  union
  select date_trunc('month', sq.day)::date from search_queries_whole sq
  union
  select date_trunc('month', sr.day)::date from search_reformulations_whole sr
)
select create_partition('search_queries', m.month), create_partition('search_reformulations', m.month) from months m order by m.month;
insert into search_queries select * from search_queries_whole;
insert into search_reformulations select * from search_reformulations_whole;
-- squawk-ignore ban-drop-table
drop table search_queries_whole;
-- squawk-ignore ban-drop-table
drop table search_reformulations_whole;

-- migrate:down
set local lock_timeout = '2s';
lock table search_queries, search_reformulations in access exclusive mode;
alter table search_queries rename to search_queries_of_months;
alter table search_reformulations rename to search_reformulations_of_months;
create table search_queries (
  like search_queries_of_months including defaults including constraints including comments,
  constraint search_queries_whole_pkey primary key (day, q)
);
create table search_reformulations (
  like search_reformulations_of_months including defaults including constraints including comments,
  constraint search_reformulations_whole_pkey primary key (day, from_q, to_q)
);
insert into search_queries select * from search_queries_of_months;
insert into search_reformulations select * from search_reformulations_of_months;
drop table search_queries_of_months;
drop table search_reformulations_of_months;
alter table search_queries rename constraint search_queries_whole_pkey to search_queries_pkey;
alter table search_reformulations rename constraint search_reformulations_whole_pkey to search_reformulations_pkey;
comment on table search_queries is 'What was searched for, a row a day, without who did. Rare queries are forgotten after a week.';
comment on table search_reformulations is 'Queries that found nothing, with what the same person, within minutes, found something by.';
