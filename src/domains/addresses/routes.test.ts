import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import type { Page, SavedAddress } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addAddress,
  addToCart,
  listItem,
  makeSeller,
  readAllPages,
  type Shopper,
  signUp,
  tryCheckOut,
} from '../../../test/support/shopper.ts'

await startServer()

const PATH = '/v1/me/addresses'

async function buyerWithCart(): Promise<Shopper> {
  const { seller, shop } = await makeSeller()
  const buyer = await signUp()
  await addToCart(buyer, await listItem(seller, shop))
  return buyer
}

test('an address is added, listed after the default, changed and removed', async () => {
  const ann = await signUp()
  const [first, second] = [await addAddress(ann), await addAddress(ann, { line2: 'Back door' })]
  const { id, created_at, updated_at, ...rest } = first
  expect(rest).toEqual({ ...ADDRESS, line2: null, is_default: true })
  const third = await addAddress(ann, { name: 'Bo', is_default: true })
  const list = (path: string) => ann.call<Page<SavedAddress>>('GET', path)
  expect((await readAllPages(list, `${PATH}?limit=1`)).map((item) => item.id)).toEqual([third.id, second.id, first.id])
  const changed = expectStatus(await ann.call('PATCH', `${PATH}/${second.id}`, { body: { city: 'Salem', line2: null } }), 200)
  expect(changed).toMatchObject({ ...ADDRESS, id: second.id, city: 'Salem', line2: null, is_default: false })
  expectStatus(await ann.call('DELETE', `${PATH}/${third.id}`), 204)
  expectProblem(await ann.call('DELETE', `${PATH}/${third.id}`), 404, 'not_found')
  expect(expectStatus(await list(PATH), 200).items).toMatchObject([{ id: second.id, is_default: true }, { id: first.id }])
})

test('wrong fields are named', async () => {
  const ann = await signUp()
  const refused = async (method: string, path: string, body: object) =>
    fieldsOf(expectProblem(await ann.call(method, path, { body }), 422, 'invalid_input'))
  expect(await refused('POST', PATH, { ...ADDRESS, country: 'XX' })).toEqual(['#/country'])
  expect(await refused('POST', PATH, { ...ADDRESS, postal_code: null })).toEqual(['#/postal_code'])
  expect(await refused('POST', PATH, { ...ADDRESS, name: '', extra: 1 })).toEqual(['#/extra', '#/name'])
  const { id } = await addAddress(ann)
  expect(await refused('PATCH', `${PATH}/${id}`, { is_default: false })).toEqual(['#/is_default'])
  expect(await refused('PATCH', `${PATH}/${id}`, { city: null })).toEqual(['#/city'])
})

test('a checkout ships to an address of the address book', async () => {
  const buyer = await buyerWithCart()
  const { id } = await addAddress(buyer)
  const answer = await tryCheckOut(buyer, { shipping_address: undefined, shipping_address_id: id })
  const checkout = expectStatus(answer, 201)
  expect(checkout.shipping_address).toEqual(ADDRESS)
  expect(checkout.orders).toMatchObject([{ shipping_address: ADDRESS }])
})

test('a checkout takes exactly one address, and no address of another person', async () => {
  const buyer = await buyerWithCart()
  const { id } = await addAddress(buyer)
  const other = await addAddress(await signUp())
  const refused = async (changes: object) =>
    fieldsOf(expectProblem(await tryCheckOut(buyer, { ...changes }), 422, 'invalid_input'))
  expect(await refused({ shipping_address: undefined })).toEqual(['#/shipping_address'])
  expect(await refused({ shipping_address_id: id })).toEqual(['#/shipping_address_id'])
  expect(await refused({ shipping_address: undefined, shipping_address_id: other.id })).toEqual(['#/shipping_address_id'])
  expect(await refused({ shipping_address: undefined, shipping_address_id: 'x' })).toEqual(['#/shipping_address_id'])
})
