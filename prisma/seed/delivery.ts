import type { Scene } from './scene.ts';

export async function seedDelivery(_scene: Scene): Promise<void> {}
