/** The software bill of materials: each package of bun.lock, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json). */
import { JSONC } from 'bun'

type Needs = {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  optionalPeers?: string[]
}
type Lock = {
  workspaces: { '': Needs & { name: string; devDependencies?: Record<string, string> } }
  /**
   * The packages by place of installation ("tsyringe/tslib" is the tslib of tsyringe): name@version, registry, dependencies,
   * checksum.
   */
  packages: Record<string, [id: string, registry: string, needs: Needs, integrity: string]>
}
type Component = {
  type: 'library'
  'bom-ref': string
  name: string
  version: string
  purl: string
  scope: 'required' | 'excluded'
  hashes: { alg: 'SHA-512'; content: string }[]
}
export type Sbom = {
  $schema: string
  bomFormat: 'CycloneDX'
  specVersion: '1.6'
  version: 1
  metadata: { component: { type: 'application'; 'bom-ref': string; name: string; version: string } }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

/**
 * Returns the bill of materials for the text of a lock file (bun.lock). Packages that the service runs on are `required`.
 * Packages that only tests and checks use are `excluded`. The same lock file gives the same bill.
 */
export function makeSbom(lock_text: string, version: string): Sbom {
  const lock = JSONC.parse(lock_text) as Lock
  const root = lock.workspaces['']
  const refOf = (place: string) => toPurl((lock.packages[place] as Lock['packages'][string])[0])
  const shipped = new Set(reach(lock, root).map(refOf))
  const components = Object.values(lock.packages).map(([id, , , integrity]) => toComponent(id, integrity, shipped))
  const needs = Object.keys(lock.packages).map((place) => [refOf(place), needsOf(lock, place).map(refOf)] as const)
  const own = [...needsOf(lock, '', root), ...needsOf(lock, '', { dependencies: root.devDependencies ?? {} })].map(refOf)
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': root.name, name: root.name, version } },
    components: [...new Map(components.map((component) => [component.purl, component])).values()],
    dependencies: mergeNeeds([[root.name, own], ...needs]),
  }
}

function toComponent(id: string, integrity: string, shipped: Set<string>): Component {
  const [name, version] = splitId(id)
  const purl = toPurl(id)
  // The lock file has "sha512-" and base64.
  const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')
  const scope = shipped.has(purl) ? 'required' : 'excluded'
  return { type: 'library', 'bom-ref': purl, name, version, purl, scope, hashes: [{ alg: 'SHA-512', content }] }
}

/** One package can be installed in several places, with different dependencies. */
function mergeNeeds(needs: (readonly [string, string[]])[]): Sbom['dependencies'] {
  const merged = new Map<string, Set<string>>()
  for (const [ref, others] of needs) merged.set(ref, new Set([...(merged.get(ref) ?? []), ...others]))
  return [...merged].map(([ref, others]) => ({ ref, dependsOn: [...others] }))
}

/** Returns the places of all direct and indirect dependencies. */
function reach(lock: Lock, needs: Needs): string[] {
  const reached = new Set(needsOf(lock, '', needs))
  for (const place of reached) for (const next of needsOf(lock, place)) reached.add(next)
  return [...reached]
}

/** Returns the places of the dependencies of the package at a place. Optional ones count only if the lock file has them. */
function needsOf(lock: Lock, place: string, needs: Needs = lock.packages[place]?.[2] ?? {}): string[] {
  const names = Object.keys({ ...needs.dependencies, ...needs.optionalDependencies, ...needs.peerDependencies })
  const needed = names.filter((name) => !needs.optionalPeers?.includes(name))
  return needed.flatMap((name) => findPlace(lock, place, name) ?? [])
}

/** Returns where the package at a place finds another: beneath itself, beneath the packages above it, or at the top. */
function findPlace(lock: Lock, place: string, name: string): string | undefined {
  // A scope is not a place: "@redocly/config" is not the config of a package "@redocly".
  const names = place.match(/(@[^/]+\/)?[^/]+/g) ?? []
  const above = names.map((_, index) => `${names.slice(0, names.length - index).join('/')}/${name}`)
  return [...above, name].find((candidate) => lock.packages[candidate])
}

/** Splits "@scope/name@1.0.0" into its name and its version. */
function splitId(id: string): [name: string, version: string] {
  const at = id.lastIndexOf('@')
  return [id.slice(0, at), id.slice(at + 1)]
}

/** A package URL encodes the `@` of a scope (https://github.com/package-url/purl-spec). */
function toPurl(id: string): string {
  const [name, version] = splitId(id)
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}
