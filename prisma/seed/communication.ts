import type { Scene } from './scene.ts';

export async function seedCommunication(_scene: Scene): Promise<void> {}
