/**
 * A program for any runtime. It calls a function with a boolean, a bytea and a jsonb, reshapes the function, calls it again,
 * deallocates the prepared statements, and calls it a third time. All calls use one connection to DATABASE_URL. It prints the
 * three results as JSON.
 */
import { openPool } from '../../src/platform/db/client.ts'

const sql = openPool(process.env.DATABASE_URL as string, { max: 1, name: 'stale plans', statement_timeout_ms: 10_000 })

/** The function is in the connection's temporary schema, so that nothing stays. */
const make = (columns: string, values: string) =>
  sql.unsafe(`
    drop function if exists pg_temp.echo(boolean, bytea, jsonb);
    create function pg_temp.echo(is_set boolean, hash bytea, facts jsonb) returns table (${columns})
    language sql as $$ select ${values} $$`)

const call = async () => [
  ...(await sql.unsafe('select * from pg_temp.echo($1, $2, $3)', [true, Buffer.from([1, 2]), { x: 1 }] as never[], {
    prepare: true,
  })),
]

await make('flag boolean, bytes text, kind text', `is_set, encode(hash, 'hex'), jsonb_typeof(facts)`)
const before = await call()
await make('flag boolean, bytes text, kind text, note text', `is_set, encode(hash, 'hex'), jsonb_typeof(facts), 'new'`)
const reshaped = await call()
await sql.unsafe('deallocate all')
const deallocated = await call()
console.log(JSON.stringify({ before, reshaped, deallocated }))
await sql.end()
