import type { DashboardHandler } from '@pg-boss/dashboard/handler'

declare module '../env.ts' {
  interface Services {
    dashboard: Dashboard
  }
}

/** The path of the dashboard, which it also uses in its links. */
export const DASHBOARD_PATH = '/admin/queues'

/** pg-boss' own dashboard of the job queues. */
export type Dashboard = { answer: (request: Request) => Promise<Response>; stop: () => Promise<void> }

/**
 * Loads the dashboard at the first call. Without a call, the process loads no React and opens no further connections. Behind a
 * proxy, `public_url` is the host that the dashboard accepts for its forms.
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
