-- The roles of an installation. A superuser runs this in its database, before the first `bun run migrate` or at any later time:
--
--   psql --dbname "$SUPERUSER_URL" --set ON_ERROR_STOP=1 --single-transaction --file db/access/roles.sql
--
-- and gives those that log in a password (\password stallwright_api). Running it again changes nothing. What every role may do is
-- in grants.sql, which each `bun run migrate` applies. Without these roles everything works, as whoever DATABASE_URL names. Where a service
-- runs already, end its processes first: tables change hands, and what they log in as may not connect any more.
set lock_timeout = '2s';

do $$
declare
  v_role text;
begin
  foreach v_role in array array[
    'stallwright_owner', 'stallwright_migrator', 'stallwright_api', 'stallwright_auth', 'stallwright_worker', 'stallwright_readonly',
    'stallwright_backup'
  ] loop
    if to_regrole(v_role) is null then
      execute format('create role %I', v_role);
    end if;
  end loop;
  execute format('alter database %I owner to stallwright_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to stallwright_migrator, stallwright_api, stallwright_auth, stallwright_worker, stallwright_readonly, stallwright_backup',
    current_database()
  );
end;
$$;

-- As a new database has it from PostgreSQL 15 on: whoever may create here could shadow what functions with the owner's rights call.
alter schema public owner to pg_database_owner;
revoke create on schema public from public;

-- Owns everything and logs in nowhere: a migration acts as it, and so does each function that writes.
alter role stallwright_owner nologin;
-- `bun run migrate`, and the commands that an operator runs by hand.
alter role stallwright_migrator login noinherit;
-- `bun src/main.ts api` and `worker`.
alter role stallwright_api login;
-- AUTH_DATABASE_URL of `bun src/main.ts api`: passwords and new sessions.
alter role stallwright_auth login;
alter role stallwright_worker login;
-- Questions at night, and reports.
alter role stallwright_readonly login;
-- `pg_dump` and `pg_basebackup`: it reads everything, secrets too.
alter role stallwright_backup login replication;

grant stallwright_owner to stallwright_migrator;
-- What db/ops asks: who waits for whom, and for how long.
grant pg_read_all_stats to stallwright_readonly;
grant pg_read_all_data to stallwright_backup;

-- What holds unless a session asks for something else. The service asks for the same or for less (src/platform/db/client.ts), and behind PgBouncer, which
-- does not pass on what it asks for, these hold. Nothing may be compiled: its statements take milliseconds, and compiling one takes hundreds.
do $$
declare
  v_setting record;
begin
  for v_setting in
    select * from (values
      ('stallwright_migrator', 'role', 'stallwright_owner'),
      -- Whoever queues behind a migration waits no longer than calls do (db/README.md).
      ('stallwright_migrator', 'lock_timeout', '2s'),
      ('stallwright_migrator', 'idle_in_transaction_session_timeout', '60s'),
      ('stallwright_api', 'statement_timeout', '2200ms'),
      ('stallwright_api', 'lock_timeout', '2s'),
      ('stallwright_api', 'idle_in_transaction_session_timeout', '10s'),
      ('stallwright_api', 'jit', 'off'),
      ('stallwright_auth', 'statement_timeout', '2200ms'),
      ('stallwright_auth', 'lock_timeout', '2s'),
      ('stallwright_auth', 'idle_in_transaction_session_timeout', '10s'),
      ('stallwright_auth', 'jit', 'off'),
      -- Statistics and neighbours are worked out anew in one statement.
      ('stallwright_worker', 'statement_timeout', '1h'),
      ('stallwright_worker', 'lock_timeout', '10s'),
      ('stallwright_worker', 'idle_in_transaction_session_timeout', '60s'),
      ('stallwright_worker', 'jit', 'off'),
      ('stallwright_readonly', 'default_transaction_read_only', 'on'),
      ('stallwright_readonly', 'statement_timeout', '60s'),
      ('stallwright_readonly', 'lock_timeout', '1s'),
      ('stallwright_readonly', 'idle_in_transaction_session_timeout', '60s'),
      ('stallwright_backup', 'default_transaction_read_only', 'on')
    ) s (role, name, value)
  loop
    execute format('alter role %I in database %I set %I to %L', v_setting.role, current_database(), v_setting.name, v_setting.value);
  end loop;
end;
$$;

-- An installation that began without roles changes hands.
do $$
declare
  v_statement text;
begin
  for v_statement in
    with ours as (
      select n.oid, n.nspname from pg_namespace n where n.nspname in ('public', 'pgboss')
    ),
    things as (
      select 1 as turn, n.tableoid as class_id, n.oid, n.nspowner as owner, format('schema %I', n.nspname) as thing
      from pg_namespace n where n.nspname = 'pgboss'
      union all
      select 2, c.tableoid, c.oid, c.relowner,
        format('%s %s', case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, c.oid::regclass)
      from pg_class c join ours o on o.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm')
      union all
      select 3, t.tableoid, t.oid, t.typowner, format('type %s', t.oid::regtype)
      from pg_type t join ours o on o.oid = t.typnamespace where t.typtype in ('e', 'd')
      union all
      select 4, p.tableoid, p.oid, p.proowner, format('routine %s', p.oid::regprocedure)
      from pg_proc p join ours o on o.oid = p.pronamespace
      union all
      select 5, c.tableoid, c.oid, c.cfgowner, format('text search configuration %I.%I', o.nspname, c.cfgname)
      from pg_ts_config c join ours o on o.oid = c.cfgnamespace
      union all
      select 6, d.tableoid, d.oid, d.dictowner, format('text search dictionary %I.%I', o.nspname, d.dictname)
      from pg_ts_dict d join ours o on o.oid = d.dictnamespace
    )
    select format('alter %s owner to stallwright_owner', t.thing)
    from things t
    where t.owner <> 'stallwright_owner'::regrole
      -- What belongs to an extension stays with it.
      and not exists (select from pg_depend d where d.classid = t.class_id and d.objid = t.oid and d.deptype = 'e')
    order by t.turn
  loop
    execute v_statement;
  end loop;
end;
$$;

reset lock_timeout;
