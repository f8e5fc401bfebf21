/** Returns a generator of numbers in [0, 1), deterministic by seed (sfc32). Not for secrets. */
export function createRandom(seed: number): () => number {
  let a = seed >>> 0
  let b = Math.floor(seed / 2 ** 32) >>> 0
  let c = 0x9e3779b9
  let counter = 1
  const next = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  // Mixes the state, so that similar seeds give unrelated streams.
  for (let round = 0; round < 15; round++) next()
  return next
}
