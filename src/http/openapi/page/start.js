/* global SwaggerUIBundle */
/** Shows /openapi.json to people, without what would hide what a call is about. */
const ON_EVERY_ANSWER = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']

/**
 * The document for reading. Without `servers` the page tries calls where it comes from itself. Links between calls are for
 * programs. Refusals all have the same body, which the page describes at its top: of each, its codes are left.
 */
function shorten({ servers: _, ...document }) {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  for (const answer of operations.flatMap(({ responses }) => Object.values(responses))) {
    delete answer.links
    for (const name of ON_EVERY_ANSWER) delete answer.headers?.[name]
  }
  const { responses, ...components } = document.components
  const refusals = Object.entries(responses).map(([name, { description }]) => [name, { description }])
  return { ...document, components: { ...components, responses: Object.fromEntries(refusals) } }
}

const answer = await fetch('/openapi.json')
SwaggerUIBundle({
  spec: shorten(await answer.json()),
  dom_id: '#reference',
  deepLinking: true,
  // The token is forgotten when the page is left.
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
})
