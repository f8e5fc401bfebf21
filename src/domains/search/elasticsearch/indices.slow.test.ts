import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openCatalogDatabase } from '../../../../db/test/search/catalog.ts'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { openTestIndex, type TestIndex } from '../../../../test/support/elasticsearch.ts'
import { requires } from '../../../../test/support/requirements.ts'
import { sendSynonyms } from './synonyms.ts'

describe.if(requires('elasticsearch'))('the index of listings', () => {
  let database: TestDatabase
  let index: TestIndex
  beforeAll(async () => {
    database = await openCatalogDatabase()
    index = await openTestIndex(database.sql)
  }, 240_000)
  afterAll(async () => {
    await index.close()
    await database.close()
  })

  const analyze = async (text: string) => {
    const { tokens } = await index.client.indices.analyze({ index: index.alias, analyzer: 'etsy_analyzer', text })
    return (tokens ?? []).map((token) => token.token)
  }

  test('accept the document of every listing', async () => {
    const count = await index.fill()
    expect(count).toBeGreaterThan(1000)
    expect((await index.client.count({ index: index.alias })).count).toBe(count)
  }, 60_000)

  test('have the first synonyms of the marketplace', async () => {
    const groups = {
      handmade: ['handcraft', 'artisan', 'homemad', 'made'],
      vintage: ['antiqu', 'retro', 'old', 'classic', 'secondhand'],
      wallet: ['billfold', 'purs', 'cardhold', 'pocketbook'],
      necklace: ['pendant', 'chain', 'choker', 'lariat'],
      earrings: ['stud', 'drop', 'hoop', 'dangl'],
      ring: ['band', 'signet', 'wed'],
      leather: ['genuin', 'real', 'cowhid', 'full', 'grain'],
      silver: ['sterl', '925'],
      gold: ['14k', '18k', 'fill', 'plate'],
    }
    for (const [word, others] of Object.entries(groups)) expect(await analyze(word)).toEqual(expect.arrayContaining(others))
  })

  test('the next search uses an edited row of synonyms, and one-way rows work one way', async () => {
    expect(await sendSynonyms(database.sql, index.client, index.alias)).toBe(0)
    expect(await analyze('crocheted')).not.toContain('amigurumi')
    await database.sql`insert into search_synonyms (terms) values ('{crocheted,amigurumi}'), ('{"crafty, => \\ word"}')`
    await database.sql`insert into search_synonyms (terms, means) values ('{kiltpin}', '{fibula}')`
    expect(await sendSynonyms(database.sql, index.client, index.alias)).toBe(3)
    expect(await analyze('crocheted')).toContain('amigurumi')
    expect(await analyze('kiltpin')).toEqual(expect.arrayContaining(['kiltpin', 'fibula']))
    expect(await analyze('fibula')).toEqual(['fibula'])
    await database.sql`delete from search_synonyms where 'amigurumi' = any(terms)`
    expect(await sendSynonyms(database.sql, index.client, index.alias)).toBe(1)
    expect(await analyze('crocheted')).not.toContain('amigurumi')
  })

  test('an archived listing has no document', async () => {
    const [product] =
      await database.sql`update products set archived_at = now() where id = (select min(id) from products) returning id`
    expect(await database.sql`select from search_documents(array[${product?.id}]::bigint[])`).toHaveLength(0)
  })
})
