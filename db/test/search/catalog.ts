import { loadShippedCatalog } from '../../../src/domains/catalog/load_shipped.ts'
import { EVERYTHING, type SearchRequest } from '../../../src/domains/search/backend.ts'
import { loadShippedSynonyms } from '../../../src/domains/search/synonyms.ts'
import { refreshVocabulary } from '../../../src/domains/search/vocabulary.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'

/** A test database with the shipped catalogue, synonyms and vocabulary in it. */
export async function openCatalogDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase()
  await loadShippedCatalog(database.url, database.sql)
  await loadShippedSynonyms(database.sql)
  await refreshVocabulary(database.sql)
  return database
}

/** A search for everything, but for what is given. */
export function searchFor(request: Partial<SearchRequest>): SearchRequest {
  return { ...EVERYTHING, ...request }
}
