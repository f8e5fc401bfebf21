/** The documents: ADRs in one form, every folder in the map, no dead link. */
import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Glob } from 'bun'
import { projectRoot } from '../../src/platform/project.ts'

const documents = ['*.md', '{client,db,docs,loadtest,search}/**/*.md'].flatMap(find)

test("ARCHITECTURE's map has every folder, and no other", () => {
  const named = [...read('docs/ARCHITECTURE.md').matchAll(/^\| `([\w/]+)` \| /gm)].map(([, folder]) => folder as string)
  const parents = ['apps', 'src', 'src/domains', 'src/http', 'src/platform', 'test']
  const children = parents.flatMap((parent) => foldersOf(parent))
  const bare = ['apps', 'src', 'src/domains', 'test']
  const folders = [...foldersOf('.'), ...children].filter((folder) => !bare.includes(folder))
  expect(named).toEqual(folders.sort())
})

test('README is at most 120 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120)
})

describe('ADRs', () => {
  const names = find('docs/adr/*.md')

  test('are numbered without a gap', () => {
    expect(names.map((name) => Number(/\/(\d{4})-/.exec(name)?.[1]))).toEqual(names.map((_, index) => index + 1))
  })

  test.each(names)('%s has the common form', (name) => {
    const text = read(name)
    expect(text).toStartWith(`# ${Number(/\/(\d{4})-/.exec(name)?.[1])}. `)
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(['Problem', 'Decision', 'Instead of', 'Consequences'])
  })
})

test.each(documents)('the links of %s lead somewhere', (name) => {
  const links = [...read(name).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link as string)
  const dead = links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? name : join(dirname(name), path)
    if (!existsSync(join(projectRoot, target))) return true
    return anchor !== undefined && !anchorsOf(target).includes(anchor)
  })
  expect(dead).toEqual([])
})

/** The anchors of a document's headings, by GitHub's rules. */
function anchorsOf(name: string): string[] {
  const headings = [...read(name).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading as string)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

function foldersOf(parent: string): string[] {
  const entries = readdirSync(join(projectRoot, parent), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$)/.test(entry.name))
  return folders.map(({ name }) => (parent === '.' ? name : `${parent}/${name}`))
}

function find(pattern: string): string[] {
  return [...new Glob(pattern).scanSync(projectRoot)].filter((name) => !name.includes('node_modules')).sort()
}

function read(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}
