import type { Scene } from './scene.ts';

export async function seedContent(_scene: Scene): Promise<void> {}
