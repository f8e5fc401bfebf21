import { afterAll, beforeAll, expect, test } from 'bun:test'
import { runScript } from '../../test/support/commands.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const run = (command: string, ...words: string[]) => runScript(command, words, { DATABASE_URL: database.url })

const rows = () =>
  database.sql<
    { id: number; terms: string[]; means: string[] | null }[]
  >`select id, terms, means from search_synonyms order by id`

test('synonyms are added once, listed by any of their words, and removed', async () => {
  await database.sql`delete from search_synonyms`
  const added = await run('synonyms', 'add', 'beaker, tumbler')
  expect(added).toMatchObject({ code: 0, errors: '' })
  expect((await run('synonyms', 'add', 'tumblers , beaker')).output).toStartWith(added.output.split(' ')[0] as string)
  expect((await run('synonyms', 'add', 'jumper => sweater, pullover')).code).toBe(0)
  expect([...(await rows())].map(({ terms, means }) => ({ terms, means }))).toEqual([
    { terms: ['beaker', 'tumbler'], means: null },
    { terms: ['jumper'], means: ['sweater', 'pullover'] },
  ])
  expect((await run('synonyms', 'list', 'pullovers')).output).toEndWith('jumper => sweater, pullover')
  const id = (await rows())[0]?.id
  expect((await run('synonyms', 'remove', String(id))).output).toBe('removed  beaker, tumbler')
  expect(await run('synonyms', 'remove', String(id))).toMatchObject({
    code: 1,
    errors: `Synonyms ${id} do not exist. Run "bun run synonyms list".`,
  })
})

test.each([
  [['add', 'lonely'], 1, 'Give at least two terms that differ, or terms and what they mean.'],
  [['add', 'mug, mugs'], 1, 'Give at least two terms that differ, or terms and what they mean.'],
  [['add', 'one two three four five, mug'], 1, '"one two three four five" is no term: one to four words, at most 60 characters.'],
  [['add', '!!!, mug'], 1, '"!!!" is no term: one to four words, at most 60 characters.'],
  [['add', 'a => b => c'], 2, 'The text must have at most one arrow. Try --help.'],
  [['add', 'a =>'], 2, 'The words after the arrow are missing. Try --help.'],
  [['remove', 'all'], 2, expect.stringContaining('--id must be a whole number')],
  [['clear'], 2, '"clear" must be list, add or remove. Try --help.'],
  [['constructor'], 2, '"constructor" must be list, add or remove. Try --help.'],
])('refuses synonyms %p', async (words, code, errors) => {
  const before = (await rows()).length
  expect(await run('synonyms', ...words)).toEqual({ code, errors, output: '' })
  expect((await rows()).length).toBe(before)
})

test('the report lists the worst queries and what to add, but no rare query', async () => {
  await database.sql`
    insert into search_queries (q, searches, zero_results, corrected)
    values ('fine', 99, 0, 0), ('billfold', 9, 9, 0), ('gnoem', 7, 0, 6), ('secret', 4, 4, 0)`
  await database.sql`
    insert into search_reformulations (from_q, to_q, times)
    values ('billfold', 'wallet', 8), ('secret', 'mug', 4), ('jumper', 'sweater', 50)`
  const { output, code } = await run('search-report')
  expect(code).toBe(0)
  expect(output.split('\n').map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
    'searches nothing corrected query',
    '9 9 0 billfold',
    '7 0 6 gnoem',
    '',
    'times found nothing => then found',
    '8 billfold => wallet',
  ])
  expect(await run('search-report', '--at-least', '2')).toMatchObject({ code: 2 })
})
