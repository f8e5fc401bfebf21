/** Arrival rates (an open model): visits arrive at a fixed rate, so slow responses do not reduce the load. */

import type { Options, Scenario, Threshold } from 'k6/options'
import { CALLS_OF, type Scene } from './call.ts'
import { PROFILES } from './profile_names.ts'
import { FAILED_BELOW, PROMISES } from './promises.ts'

/** Each scene's share of the visits. The shares add up to 1. */
export type Arrivals = Partial<Record<Scene, number>>

type Profile = (typeof PROFILES)[number]

/** The steps, as factors of the given rate. */
const STRESS_STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4]
const STRESS_STEP_S = 20
const STRESS_PAUSE_S = 2
const SPIKE = { calm_s: 60, spike_s: 30, times: 5 }

/** Thresholds of the profiles that do not overload the service. */
export const HEALTHY: Record<string, Threshold[]> = {
  http_req_failed: [`rate<${FAILED_BELOW}`],
  checks: [`rate>${1 - FAILED_BELOW}`],
  dropped_iterations: ['count==0'],
}

/** A threshold that always holds, so that k6 reports this sub-metric. */
const KEEP: Threshold[] = []

/** Makes k6 report figures for each call of these scenes. */
export function keepCallsApart(scenes: Scene[]): Record<string, Threshold[]> {
  const names = scenes.flatMap((scene) => CALLS_OF[scene])
  return Object.fromEntries(
    names.flatMap((name) => [
      [timesOf(`name:${name}`), KEEP],
      [`http_reqs{name:${name}}`, KEEP],
    ]),
  )
}

/** Returns the promises about the calls of these scenes. */
function promisesOf(scenes: Scene[]): Record<string, Threshold[]> {
  return Object.fromEntries(
    madePromises(scenes).map(({ call, aggregate, below_ms }) => [timesOf(`name:${call}`), [`${aggregate}<${below_ms}`]]),
  )
}

function madePromises(scenes: Scene[]) {
  const made: string[] = scenes.flatMap((scene) => CALLS_OF[scene])
  return PROMISES.filter(({ call }) => made.includes(call))
}

/** The tags of a call: no URL and no body, which would make a series for every call. */
export const KEPT: Options = {
  summaryTrendStats: ['min', 'avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'],
  systemTags: ['name', 'method', 'status', 'scenario', 'expected_response'],
  discardResponseBodies: true,
  setupTimeout: '10m',
  teardownTimeout: '5m',
}

/** Returns the options of a suite with `rate` visits a second. RATE, DURATION_S and PROFILE of the environment override them. */
export function optionsFor(arrivals: Arrivals, rate: number): Options {
  const profile = (__ENV.PROFILE ?? 'smoke') as Profile
  if (!PROFILES.includes(profile)) throw new Error(`There is no profile ${profile}: it is ${PROFILES.join(', ')}.`)
  const usual = Number(__ENV.RATE ?? rate)
  const duration_s = __ENV.DURATION_S ? Number(__ENV.DURATION_S) : null
  const scenes = Object.keys(arrivals) as Scene[]
  const scenarios = scenes.flatMap((scene) => arrive(profile, scene, arrivals[scene] ?? 0, usual, duration_s))
  return {
    scenarios: Object.fromEntries(scenarios),
    thresholds:
      profile === 'stress' ? keepStepsApart(scenes, usual) : { ...keepCallsApart(scenes), ...promisesOf(scenes), ...HEALTHY },
    ...KEPT,
  }
}

type Named = [name: string, scenario: Scenario]

function arrive(profile: Profile, scene: string, share: number, usual: number, duration_s: number | null): Named[] {
  const rate = share * usual
  const steady = (part: number, seconds: number): Named[] => [[scene, constant(scene, rate * part, duration_s ?? seconds)]]
  if (profile === 'smoke') return steady(0.1, 30)
  if (profile === 'load') return steady(1, 300)
  if (profile === 'soak') return steady(0.7, 1800)
  if (profile === 'spike') {
    const { calm_s, spike_s, times } = SPIKE
    return [
      [scene, constant(scene, rate, 2 * calm_s + spike_s)],
      [`${scene}_spike`, constant(scene, rate * (times - 1), spike_s, calm_s)],
    ]
  }
  return STRESS_STEPS.map((step, place) => {
    const start_s = place * (STRESS_STEP_S + STRESS_PAUSE_S)
    return [
      `${scene}_step_${place}`,
      { ...constant(scene, rate * step, STRESS_STEP_S, start_s), tags: { step: stepOf(step * usual) } },
    ]
  })
}

/** Makes k6 report figures for each step. A stress run exceeds the promised load, so it has no thresholds. */
function keepStepsApart(scenes: Scene[], rate: number): Record<string, Threshold[]> {
  const of = (step: string): string[] => [
    timesOf(`step:${step}`),
    `http_req_failed{step:${step}}`,
    `dropped_iterations{step:${step}}`,
    `iterations{step:${step}}`,
    ...madePromises(scenes).map(({ call }) => timesOf(`name:${call},step:${step}`)),
  ]
  return Object.fromEntries(STRESS_STEPS.flatMap((step) => of(stepOf(step * rate))).map((figure) => [figure, KEEP]))
}

/** Returns a scenario with `rate` visits a second. k6 needs whole numbers, so low rates count by the minute. */
export function constant(exec: string, rate: number, duration_s: number, start_s = 0): Scenario {
  const by_minute = rate < 10
  const virtual_users = Math.max(5, Math.ceil(rate / 4))
  return {
    executor: 'constant-arrival-rate',
    exec,
    rate: Math.max(1, Math.round(by_minute ? rate * 60 : rate)),
    timeUnit: by_minute ? '1m' : '1s',
    duration: `${duration_s}s`,
    startTime: `${start_s}s`,
    preAllocatedVUs: virtual_users,
    maxVUs: virtual_users * 8,
    gracefulStop: '10s',
  }
}

function timesOf(tags: string): string {
  return `http_req_duration{${tags}}`
}

/** Returns the name of a step: visits a second of all scenes together. */
function stepOf(rate: number): string {
  return String(Math.round(rate))
}
