-- The rights of each role. Each deploy applies this file last and changes only differences. Functions that write are `security
-- definer`, so no login can write a table. The other functions run with the caller's rights, so the caller can read only its own
-- tables. The file skips missing roles (roles.sql) and foreign objects: functions without a file in db/functions, and tables with
-- another owner than `products`.
do $$
declare
  -- Every process runs the relay and the indexer.
  v_of_both constant text[] := '{
    abandon_search_build, acknowledge_changes, acknowledge_search_changes, begin_search_build, check_search_index,
    claim_lease, dead_letter_search_changes, finish_search_build, follow_search_build, forget_search_index, note_changes,
    queue_search_changes, read_changes, read_search_page, record_heartbeat, record_reformulations, record_searches,
    record_views, release_lease, remove_process, store_settings, take_search_changes
  }';
  v_of_api constant text[] := v_of_both || '{
    add_shipping_profile, change_shipping_profile, remove_shipping_profile,
    add_address, add_favorite, add_processing_profile, add_section, add_variant, apply_dispute_event, apply_payment_event,
    apply_account_event, apply_payout_event, apply_reversal_event, open_payout_account, settle_payout_account,
    apply_refund_event, archive_product, archive_variant, cancel_order, change_address, change_cart_item, change_cart_line,
    change_processing_profile, change_section, claim_key, confirm_email, confirm_picture, copy_product, correct_tracking,
    deliver_order, end_own_session, end_session, end_sessions, export_user, give_up_checkout, list_product, open_shop,
    place_checkout, receive_order, reconcile_charge, refund_order, refund_part, register_picture, remove_address,
    remove_cart_item, remove_cart_line, remove_favorite, remove_processing_profile, remove_reply, remove_section, reply_to_review,
    request_email_verification, request_password_reset, reserve_item, restore_product, reuse_picture, review_order,
    set_quantity, set_variant_quantity, settle_checkout, ship_lines, ship_order, show_cart, show_order_access, show_user,
    store_response, unsubscribe, update_product, update_shop, update_user, update_variant, use_session
  }'::text[];
  -- These functions read or set passwords and second factors, or create sessions.
  v_of_auth constant text[] := '{
    begin_second_factor, change_password, confirm_second_factor, find_credentials, find_token_owner, register_user,
    remove_second_factor, request_email_change, request_erasure, reset_password, show_own_credentials, start_guest_session,
    start_session
  }';
  v_of_worker constant text[] := v_of_both || '{
    count_late_money, find_provider_differences, find_wrong_ledger,
    apply_account_event, apply_dispute_event, apply_payment_event, apply_payout_event, apply_refund_event, apply_reversal_event,
    drop_search_months, enqueue_reconciliations, enqueue_stuck_payouts, plan_payouts, release_earnings, settle_payout,
    settle_payout_account, settle_transfer,
    enqueue_stuck_checkouts, enqueue_stuck_refunds, erase_user, expire_reservations, finish_mail, forget_addresses,
    forget_counts, forget_expired_sessions, forget_guests, forget_holds, forget_keys, forget_mails, forget_picture,
    forget_searches, forget_sign_in_addresses, forget_tokens, make_partitions, mark_late_orders, rebuild_product_neighbors,
    rebuild_product_popularity, rebuild_shop_statistics, reconcile_charge, refresh_search_words, retire_pictures,
    settle_checkout, settle_late_charge, settle_refund, take_mail, turn_vacations
  }'::text[];
  -- The tables of db/queries and of functions with the caller's rights.
  v_read_by_both constant text[] := '{
    addresses, cart_additions, cart_items, categories, changes, checkouts, countries, disputes, favorites, holds,
    late_charges, ledger_entries, ledger_transactions, order_events, order_items, orders, payments, payout_accounts, payouts,
    pictures, processing_profiles, product_neighbors, product_options, product_popularity, product_search, product_views,
    products, refund_items, refunds, reviews, schema_migrations, search_changes, search_indexes, search_synonyms,
    search_words, service_secrets, sessions, settings, shipment_items, shipments, shipping_profiles, shipping_rates,
    shipping_upgrades, shop_balances, shop_sections, shop_statistics, shops, statistics_days, transfers, variants
  }';
  v_of_readonly constant text[] := '{show_job, find_wrong_ledger, find_wrong_shares}';
  -- Hidden from stallwright_readonly: secrets, e-mails, addresses, tracking numbers, notes, personalizations, stored responses.
  v_hidden constant text[] := '{
    users.email, users.password, mails.email, mails.failure, user_tokens.token_hash, user_tokens.email, sessions.token_hash,
    second_factors.secret, recovery_codes.code_hash, service_secrets.secret, sign_in_addresses.address_hash, addresses.name,
    addresses.line1, addresses.line2, addresses.city, addresses.region, addresses.postal_code, checkouts.shipping_address,
    payments.next_action, orders.tracking, shipments.tracking_number, refunds.note, orders.note, orders.gift_message,
    order_items.personalization, cart_items.personalization, checkout_lines.personalization, payout_accounts.holder_name,
    payout_accounts.iban, payouts.holder_name, payouts.iban, order_events.detail, idempotency_keys.body, idempotency_keys.refusal, ledger_transactions.note
  }';
  -- Hidden tables of pg-boss: the data, results and errors of jobs.
  v_hidden_of_jobs constant text[] := '{data, output, source_output}';
  v_statement text;
begin
  -- Reads all rights before the first change, so that it does not see its own grants.
  foreach v_statement in array array(
    with roles as (
      select r.name, to_regrole(r.name) as oid
      from (values ('stallwright_api'), ('stallwright_auth'), ('stallwright_worker'), ('stallwright_readonly')) r (name)
      where to_regrole(r.name) is not null
    ),
    -- Functions: security definers by name.
    definers as (
      select p.oid, p.proname from pg_proc p join deployed_functions df on df.signature = p.oid::regprocedure::text
      where p.prosecdef
    ),
    may_run as (
      select 'stallwright_api' as role, unnest(v_of_api) as name
      union all
      select 'stallwright_auth', unnest(v_of_auth)
      union all
      -- Without the role stallwright_auth, the login of the API keeps these functions.
      select 'stallwright_api', unnest(v_of_auth) where to_regrole('stallwright_auth') is null
      union all
      select 'stallwright_worker', unnest(v_of_worker)
      union all
      select 'stallwright_readonly', unnest(v_of_readonly)
    ),
    runs as (
      select r.name as role, d.oid, has_function_privilege(r.oid, d.oid, 'execute') as is_so,
        exists (select from may_run m where m.role = r.name and m.name = d.proname) as should_be
      from roles r cross join definers d
    ),
    -- Tables: read access, whole or by column. Partitions are read through their table, so their own rights are revoked.
    tables as (
      select c.oid, c.relname, c.relispartition from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
        and c.relowner = (select p.relowner from pg_class p where p.oid = 'products'::regclass)
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    ),
    columns as (
      select t.oid, t.relname, a.attname, r.name as role,
        has_column_privilege(r.oid, t.oid, a.attnum, 'select') as is_so,
        case when t.relispartition or r.name = 'stallwright_auth' then false
          when r.name = 'stallwright_readonly' then format('%s.%s', t.relname, a.attname) <> all (v_hidden)
          else t.relname = any (v_read_by_both) or t.relname = 'users' and a.attname <> 'password' end as should_be
      from tables t
      join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      cross join roles r
    ),
    reads as (
      select c.oid, c.role, bool_and(c.should_be) as whole, bool_or(c.should_be <> c.is_so) as is_off,
        string_agg(quote_ident(c.attname), ', ') filter (where c.should_be) as part
      from columns c group by c.oid, c.role
    ),
    -- The schema of pg-boss: all rights for the worker, read access without the hidden tables for others.
    of_pgboss as (
      select c.oid from pg_class c
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'pgboss'
      where c.relkind in ('r', 'p', 'v')
    ),
    looks_at_jobs as (
      select c.oid, r.name as role, bool_and(a.attname <> all (v_hidden_of_jobs)) as whole,
        bool_or((a.attname <> all (v_hidden_of_jobs)) <> has_column_privilege(r.oid, c.oid, a.attnum, 'select')) as is_off,
        string_agg(quote_ident(a.attname), ', ') filter (where a.attname <> all (v_hidden_of_jobs)) as part
      from of_pgboss c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join roles r on r.name = 'stallwright_readonly'
      group by c.oid, r.name
    ),
    -- Combined: the readable columns of each role.
    sees as (
      select * from reads
      union all
      select * from looks_at_jobs
    )
    select format('revoke execute on routine %s from public', d.oid::regprocedure)
    from definers d
    where has_function_privilege('public', d.oid, 'execute')
    union all
    select format('revoke execute on routine %s from %I', r.oid::regprocedure, r.role) from runs r
    where r.is_so and not r.should_be and not has_function_privilege('public', r.oid, 'execute')
    union all
    select format('revoke all on %s from %I', s.oid::regclass, s.role) from sees s where s.is_off
    union all
    select format('grant execute on routine %s to %I', r.oid::regprocedure, r.role) from runs r where r.should_be
      and (not r.is_so or has_function_privilege('public', r.oid, 'execute'))
    union all
    select
      format('grant select%s on %s to %I', case when not s.whole then format(' (%s)', s.part) else '' end, s.oid::regclass, s.role)
    from sees s where s.is_off and s.part is not null
    union all
    select format('grant %s on schema %s to %I', u.what, u.schema, r.name)
    from roles r
    cross join (values ('usage', 'public'), ('usage', 'pgboss')) u (what, schema)
    where to_regnamespace(u.schema) is not null and not has_schema_privilege(r.oid, to_regnamespace(u.schema), 'usage')
      and (u.schema = 'public' or r.name in ('stallwright_worker', 'stallwright_readonly'))
    union all
    select format('grant select, insert, update, delete on %s to %I', o.oid::regclass, r.name)
    from of_pgboss o join roles r on r.name = 'stallwright_worker'
    where not has_table_privilege(r.oid, o.oid, 'delete')
  ) loop
    execute v_statement;
  end loop;
end;
$$;
