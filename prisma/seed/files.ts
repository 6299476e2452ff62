import type { Scene } from './scene.ts';

export async function seedFiles(_scene: Scene): Promise<void> {}
