/** Invented words for makers and collections, because the vocabulary of a market grows with it and the real catalog is fixed. */
const onsets = ['b', 'br', 'd', 'f', 'fl', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 's', 'st', 't', 'th', 'v', 'w', 'z']
const vowels = ['a', 'e', 'i', 'o', 'u', 'ea']
const endings = ['l', 'n', 'ra', 'rik', 'sa', 'va', 'nd', 'mere', 'low', 'ty', 'dale', 'x']

const SYLLABLES = onsets.length * vowels.length
/** The number of distinct words. */
export const INVENTED_WORDS = SYLLABLES * SYLLABLES * endings.length
/** Coprime to the number of words, so that consecutive numbers give unrelated words. */
const STRIDE = 75_583

/** The capitalized word of a number, always the same. */
export function inventWord(number: number): string {
  const id = (number * STRIDE) % INVENTED_WORDS
  const first = syllable(id % SYLLABLES)
  const second = syllable(Math.floor(id / SYLLABLES) % SYLLABLES)
  const word = first + second + (endings[Math.floor(id / SYLLABLES / SYLLABLES)] ?? '')
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function syllable(id: number): string {
  return (onsets[id % onsets.length] ?? '') + (vowels[Math.floor(id / onsets.length)] ?? '')
}
