import type { TestProject } from 'vitest/node';
import { makeTemplate, removeTemplate, type Template } from './template.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    template: Template;
  }
}

/** Makes the migrated database once, before any test file. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = await makeTemplate(process.env.DATABASE_URL);
  project.provide('template', template);
  return () => removeTemplate(template);
}
