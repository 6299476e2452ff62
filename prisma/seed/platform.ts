import type { Scene } from './scene.ts';

export async function seedPlatform(_scene: Scene): Promise<void> {}
