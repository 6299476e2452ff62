import type { Scene } from './scene.ts';

export async function seedEmployees(_scene: Scene): Promise<void> {}
