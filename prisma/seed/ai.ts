import type { Scene } from './scene.ts';

export async function seedAi(_scene: Scene): Promise<void> {}
