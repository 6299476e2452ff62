import type { Scene } from './scene.ts';

export async function seedFinance(_scene: Scene): Promise<void> {}
