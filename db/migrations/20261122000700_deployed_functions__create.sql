-- migrate:up
create table deployed_functions (
  signature text primary key,
  checksum text not null,
  deployed_at timestamptz not null default now()
);
comment on table deployed_functions is 'The functions that the last deploy created, so that the next one drops what left the files, and nothing else.';
comment on column deployed_functions.checksum is 'SHA-256 over all files of that deploy; the same for every row.';

-- migrate:down
drop table deployed_functions;
