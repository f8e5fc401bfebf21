import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { readerOf } from '../../http/read_routing.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam, Strict } from '../../http/schemas.ts'
import { SavedAddress, SavedAddressChanges, SavedAddressInput } from './schemas.ts'
import { addAddress, changeAddress, listAddresses, removeAddress } from './statements.ts'

const tag = 'Accounts'

/** Mounted at `/v1/me/addresses`. */
export const ownAddresses = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'listAddresses',
      summary: 'List your addresses, the default first',
      description: 'The other addresses follow, newest first.',
      tag,
      signed_in: true,
      query: Strict(PageQuery),
      answers: { 200: PageOf('SavedAddressPage', SavedAddress) },
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      return sendPage(c, await listAddresses.many(await readerOf(c), { user_id: c.get('user_id'), after, page_size }), page_size)
    },
  )
  .post(
    '/',
    operation({
      id: 'addAddress',
      idempotency: 'honored',
      summary: 'Add an address to your address book',
      description:
        'A checkout takes its `id` as `shipping_address_id`. The first address is the default. With `is_default` a later one ' +
        'takes its place.',
      tag,
      signed_in: true,
      body: SavedAddressInput,
      links: { updateAddress: { id: '$response.body#/id' }, removeAddress: { id: '$response.body#/id' } },
      answers: { 201: SavedAddress },
      problems: ['quota_exceeded'],
    }),
    async (c) => {
      const added = { user_id: c.get('user_id'), address: c.req.valid('json'), quota_scale: c.get('quota_scale') }
      const { body } = await addAddress.one(c.get('sql'), added)
      return sendJson(c, body, 201, { Location: '/v1/me/addresses' })
    },
  )
  .patch(
    '/:id',
    operation({
      id: 'updateAddress',
      summary: 'Change one of your addresses',
      description: 'Changes the fields that you send. Orders keep the address that they have.',
      tag,
      signed_in: true,
      params: IdParam,
      body: SavedAddressChanges,
      answers: { 200: SavedAddress },
      problems: ['not_found'],
    }),
    async (c) => {
      const address = { address_id: c.req.valid('param').id, user_id: c.get('user_id') }
      return sendJson(c, (await changeAddress.one(c.get('sql'), { ...address, changes: c.req.valid('json') })).body)
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'removeAddress',
      summary: 'Remove one of your addresses',
      description: 'If it is the default, your newest address becomes the default. Orders keep the address that they have.',
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 204: null },
      problems: ['not_found'],
    }),
    async (c) => {
      await removeAddress.one(c.get('sql'), { address_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return c.body(null, 204)
    },
  )
