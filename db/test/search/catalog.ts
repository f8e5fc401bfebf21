import { loadShippedCatalog } from '../../../src/domains/catalog/load_shipped.ts'
import { EVERYTHING, type SearchRequest } from '../../../src/domains/search/backend.ts'
import { loadShippedSynonyms } from '../../../src/domains/search/synonyms.ts'
import { refreshVocabulary } from '../../../src/domains/search/vocabulary.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'

/** Opens a test database with the sample catalog, synonyms and vocabulary. */
export async function openCatalogDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase()
  await loadShippedCatalog(database.url, database.sql)
  await loadShippedSynonyms(database.sql)
  await refreshVocabulary(database.sql)
  return database
}

/** Makes a search for everything, with the given changes. */
export function searchFor(request: Partial<SearchRequest>): SearchRequest {
  return { ...EVERYTHING, ...request }
}
