/** The gateway on the demo data, which are made once by each process. */
import { inject } from 'vitest';
import { seedDemo } from '../../src/demo.ts';
import { type Env, Gateway, openClone } from './gateway.ts';
import type { Template } from './template.ts';

async function makeDemo(template: Template): Promise<Template> {
  const opened = await openClone(template);
  await seedDemo(opened.database, opened.config);
  return opened.freeze();
}

let demo: Promise<Template> | undefined;

/** As `startGateway`, with the demo data. */
export async function startDemo(env: Env = {}): Promise<Gateway> {
  demo ??= makeDemo(inject('template'));
  return new Gateway(await openClone(await demo, env));
}
