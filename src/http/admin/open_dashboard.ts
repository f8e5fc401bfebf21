import type { DashboardHandler } from '@pg-boss/dashboard/handler'

/** Where it is mounted; the dashboard makes its links with it. */
export const DASHBOARD_PATH = '/admin/queues'

/** pg-boss' own dashboard of the job queues. */
export type Dashboard = { answer: (request: Request) => Promise<Response>; stop: () => Promise<void> }

/**
 * Loaded at the first call: a process whose operators never look has no React in it, and no more connections. Behind a proxy its
 * forms come from the host of `public_url`.
 */
export function openDashboard(url: string, public_url: string | undefined): Dashboard {
  let opening: Promise<DashboardHandler> | undefined
  const open = async () => {
    const { createDashboardHandler } = await import('@pg-boss/dashboard/handler')
    return createDashboardHandler({
      databases: [{ url, name: 'stallwright' }],
      basePath: DASHBOARD_PATH,
      ...(public_url && { allowedActionOrigins: [new URL(public_url).host] }),
    })
  }
  return {
    answer: async (request) => {
      opening ??= open()
      return (await opening)(request)
    },
    stop: async () => (await opening)?.close(),
  }
}
