/** `bun bench/bare_server.ts`: Hono on Bun with one route that returns BODY, on PORT. It is the floor for a product page. */
import { Hono } from 'hono'

const body = new TextEncoder().encode(process.env.BODY)
const app = new Hono().get('/v1/products/:id', (c) => c.body(body, 200, { 'Content-Type': 'application/json' }))
const server = Bun.serve({ port: Number(process.env.PORT ?? 0), fetch: app.fetch })
console.log(`Bare: serves on http://localhost:${server.port} now`)
