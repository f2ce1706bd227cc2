/** Loads dockerode the way core does, and nothing else. */
export async function load(): Promise<unknown> {
  return import('dockerode');
}
