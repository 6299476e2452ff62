/** Approvals, notifications, jobs, and the requests of API keys. */
import { seedApprovals } from './platform-approvals.ts';
import { seedIntegrations } from './platform-integrations.ts';
import { seedJobs } from './platform-jobs.ts';
import { seedNotifications } from './platform-notifications.ts';
import { seedRequestLogs } from './platform-requests.ts';
import type { Scene } from './scene.ts';

export async function seedPlatform(scene: Scene): Promise<void> {
  await seedNotifications(scene, await seedApprovals(scene));
  await seedJobs(scene);
  await seedRequestLogs(scene);
  await seedIntegrations(scene);
}
