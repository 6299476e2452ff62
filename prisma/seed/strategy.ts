import type { Scene } from './scene.ts';

export async function seedStrategy(_scene: Scene): Promise<void> {}
