/** The placeholder of a missing picture: a quilt block in the color of the category, always the same for a listing. */
import { svg } from './build.ts'

/** Shapes on a patch of 1×1. */
const PIECES = [
  'M0 0H1V1Z',
  'M0 0H1V1Z',
  'M0 0A1 1 0 0 1 1 1H0Z',
  'M0 0A1 1 0 0 1 1 1H0Z',
  'M0 0A1 1 0 0 1 1 1A1 1 0 0 1 0 0Z',
  'M.5 0L1 .5L.5 1L0 .5Z',
  'M0 0H1L.5 .5Z',
  'M0 0H.5V1H0Z',
]
const DYES = 6
const CORNERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const

/** Draws a quarter of four patches and rotates it around the middle of the block. */
export function quiltFor(product_id: number, category_id: number | null): SVGElement {
  const numbers = scatter(product_id)
  const patches = CORNERS.map(([x, y], i) => {
    const bits = numbers >>> (i * 6)
    const turn = ((bits >>> 3) & 3) * 90
    const transform = `translate(${x} ${y}) rotate(${turn} .5 .5)`
    return svg('path', { d: PIECES[bits & 7] as string, transform, class: (bits >>> 5) & 1 ? 'cloth-a' : 'cloth-b' })
  })
  const quarters = [0, 90, 180, 270].map((turn) =>
    svg('g', { transform: `rotate(${turn} 2 2)` }, ...patches.map((patch) => patch.cloneNode())),
  )
  const dye = (category_id ?? 0) % DYES
  return svg('svg', { class: `quilt dye-${dye}`, viewBox: '0 0 4 4', 'aria-hidden': true }, ...quarters)
}

/** Hashes a number to 32 bits (the finalizer of MurmurHash3). */
function scatter(n: number): number {
  let bits = n | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
