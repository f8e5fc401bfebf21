import Bowser from 'bowser'

/** Longer headers are cut. Those of browsers have at most 300 characters. */
const MAX_HEADER = 512
const MAX_DEVICE = 100

/** Returns the browser and the system of a User-Agent, such as "Firefox on Windows", or null if both are unknown. */
export function describeDevice(user_agent: string | undefined): string | null {
  if (!user_agent) return null
  const { browser, os } = Bowser.parse(user_agent.slice(0, MAX_HEADER))
  const names = [browser.name, os.name].filter((name) => name)
  return names.join(' on ').slice(0, MAX_DEVICE) || null
}
