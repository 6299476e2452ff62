/** What people spend money on, and what is said about invoices. */
import type { OrgSlug } from '../people.ts';

/** A kind of expense: where the money goes, and how much of it, in whole units of currency. */
export interface Spending {
  readonly category: string;
  readonly vendors: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Whether a client pays for it, when it was for a project. */
  readonly isBillable?: boolean;
}

const travel = (vendors: readonly string[]): Spending => ({
  category: 'travel',
  vendors,
  from: 18,
  to: 420,
  isBillable: true,
});

export const spendings: Readonly<Record<OrgSlug, readonly Spending[]>> = {
  acme: [
    travel(['Amtrak', 'Yellow Cab', 'Hudson Hotel', 'Delta']),
    { category: 'software', vendors: ['Figma', 'Adobe', 'Fontstand'], from: 15, to: 240 },
    { category: 'printing', vendors: ['Smartpress', 'Corner Copy Shop'], from: 30, to: 900, isBillable: true },
    { category: 'stock media', vendors: ['Getty Images', 'Stocksy'], from: 25, to: 380, isBillable: true },
    { category: 'meals', vendors: ["Joe's Diner", 'Café Luna', 'Noodle Bar'], from: 14, to: 160 },
  ],
  globex: [
    travel(['Deutsche Bahn', 'Taxi Ruf', 'Hotel am Ring']),
    { category: 'fuel', vendors: ['Aral', 'Shell', 'Jet'], from: 40, to: 130 },
    { category: 'material', vendors: ['Sanitär Heinze', 'Bauhaus', 'Würth'], from: 9, to: 640, isBillable: true },
    { category: 'tools', vendors: ['Hoffmann Werkzeuge', 'Hilti'], from: 35, to: 480 },
    { category: 'parking', vendors: ['Apcoa', 'Stadt Köln'], from: 3, to: 28 },
  ],
  initech: [
    { category: 'software', vendors: ['GitHub', 'JetBrains'], from: 10, to: 90 },
    { category: 'meals', vendors: ['Taco Stand'], from: 11, to: 60 },
  ],
};

export const rejections = [
  'The receipt is missing.',
  'This was paid with the company card.',
  'Please split by project.',
];

export const remarks = {
  void: 'Sent to the wrong recipient; issued again.',
  uncollectible: 'The client is insolvent; the claim is registered.',
  part: 'A second instalment was agreed on.',
  overdue: 'Reminded by phone; payment promised.',
} as const;
