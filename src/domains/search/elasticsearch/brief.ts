import type { Query } from './tiered.ts'

/**
 * The plain ranking that `tiered` is measured against: any word, misspelt or not, wherever it stands; the score of the text
 * times what shop and age are worth. `words` are bounded in number, since each becomes many clauses. `today` is a date in UTC.
 */
export function scoreBrief(words: string, today: string): Query {
  return {
    function_score: {
      query: matchBrief(words),
      functions: [
        { field_value_factor: { field: 'shop_rating', factor: 1.5, modifier: 'sqrt', missing: 3 } },
        { field_value_factor: { field: 'shop_sales_count', factor: 1.2, modifier: 'log1p', missing: 0 } },
        { gauss: { created_at: { origin: today, offset: '1d', scale: '30d', decay: 0.5 } } },
      ],
      // Multiplied with each other, no sales (log 1 = 0) would make every score 0.
      score_mode: 'sum',
      boost_mode: 'multiply',
    },
  }
}

/** What `brief` finds. */
export function matchBrief(words: string): Query {
  return { multi_match: { query: words, fields: ['title^3', 'description', 'tags^2'], fuzziness: 'AUTO', prefix_length: 2 } }
}
