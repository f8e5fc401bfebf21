-- The roles of an installation. A superuser runs this file before the first `bun run migrate`, or later:
--
--   psql --dbname "$SUPERUSER_URL" --set ON_ERROR_STOP=1 --single-transaction --file db/access/roles.sql
--
-- Then set a password for each login (\password stallwright_api). Running the file again changes nothing. grants.sql has the
-- rights of each role, and each `bun run migrate` applies it. Without these roles everything runs as the login of DATABASE_URL.
-- End running processes first, because tables change owners, and the old login can lose its access.
set lock_timeout = '2s';

do $$
declare
  v_role text;
begin
  foreach v_role in array array[
    'stallwright_owner', 'stallwright_migrator', 'stallwright_api', 'stallwright_auth', 'stallwright_worker',
    'stallwright_readonly', 'stallwright_backup'
  ] loop
    if to_regrole(v_role) is null then
      execute format('create role %I', v_role);
    end if;
  end loop;
  execute format('alter database %I owner to stallwright_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to stallwright_migrator, stallwright_api, stallwright_auth, stallwright_worker, '
    'stallwright_readonly, stallwright_backup',
    current_database()
  );
end;
$$;

-- The default of new databases since PostgreSQL 15: a role that can create objects here could shadow those of security definers.
alter schema public owner to pg_database_owner;
revoke create on schema public from public;

-- Owns everything and cannot log in. Migrations and functions that write run as this role.
alter role stallwright_owner nologin;
-- `bun run migrate`, and commands by hand.
alter role stallwright_migrator login noinherit;
-- `bun src/main.ts api` and `worker`.
alter role stallwright_api login;
-- AUTH_DATABASE_URL of `bun src/main.ts api`: passwords and new sessions.
alter role stallwright_auth login;
alter role stallwright_worker login;
-- On-call questions and reports.
alter role stallwright_readonly login;
-- `pg_dump` and `pg_basebackup`: reads everything, including secrets.
alter role stallwright_backup login replication;

grant stallwright_owner to stallwright_migrator;
-- db/ops needs it: waits and their durations.
grant pg_read_all_stats to stallwright_readonly;
grant pg_read_all_data to stallwright_backup;

-- Defaults of sessions. The service sets the same or lower values itself. Behind PgBouncer, which does not pass them on, these
-- defaults apply. JIT is off, because statements take milliseconds and compiling one takes hundreds.
do $$
declare
  v_setting record;
begin
  for v_setting in
    select * from (values
      ('stallwright_migrator', 'role', 'stallwright_owner'),
      -- A transaction that queues behind a migration waits no longer than calls do (db/README.md).
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
      -- One statement computes statistics and neighbors.
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
    execute format(
      'alter role %I in database %I set %I to %L', v_setting.role, current_database(), v_setting.name, v_setting.value
    );
  end loop;
end;
$$;

-- Moves the objects of an installation without roles to the owner.
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
      -- Objects of an extension keep their owner.
      and not exists (select from pg_depend d where d.classid = t.class_id and d.objid = t.oid and d.deptype = 'e')
    order by t.turn
  loop
    execute v_statement;
  end loop;
end;
$$;

reset lock_timeout;
