import type { Scene } from './scene.ts';

export async function seedSupport(_scene: Scene): Promise<void> {}
