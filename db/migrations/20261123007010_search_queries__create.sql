-- migrate:up
create table search_queries (
  day date not null default current_date,
  q text not null,
  searches integer not null,
  zero_results integer not null default 0,
  corrected integer not null default 0,
  primary key (day, q),
  constraint search_queries_q_has_a_sane_length check (char_length(q) between 1 and 200),
  constraint search_queries_counts_are_of_searches check (zero_results between 0 and searches and corrected between 0 and searches)
);
comment on table search_queries is 'What was searched for, a row a day, without who did. Rare queries are forgotten after a week.';
comment on column search_queries.corrected is 'How often the speller knew better words.';

create table search_reformulations (
  day date not null default current_date,
  from_q text not null,
  to_q text not null,
  times integer not null,
  primary key (day, from_q, to_q),
  constraint search_reformulations_are_two_queries check (from_q <> to_q),
  constraint search_reformulations_times_is_positive check (times > 0)
);
comment on table search_reformulations is 'Queries that found nothing, with what the same person, within minutes, found something by.';

-- migrate:down
drop table search_reformulations;
drop table search_queries;
