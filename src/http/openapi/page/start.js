/* global SwaggerUIBundle */
/** Shows /openapi.json to people, without details that would hide the purpose of a call. */
const ON_EVERY_ANSWER = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']

/**
 * Returns the document for readers. Without `servers` the page sends calls to its own server. Links between calls are for
 * programs. All refusals have the same body, which the page describes at its top, so each refusal keeps only its codes.
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
  // The page forgets the token when the user leaves it.
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
})
