/** Spare parts: in warehouses, and in the vehicles of technicians. */
import { supportWordsOf } from './phrases/support.ts';
import { at } from './random.ts';
import type { Scene } from './scene.ts';

/** Who drives to clients: everybody but the owner, where there is anybody else. */
export const techniciansOf = ({ staff }: Scene): readonly string[] => (staff.length > 1 ? staff.slice(1) : staff);

const wordsOf = ({ org }: Scene) => supportWordsOf(org.slug);

export function itemRows(scene: Scene) {
  const { parts, models } = wordsOf(scene);
  return parts.map(({ sku, name, cents, reorderPoint, device }, index) => {
    const model = models.findIndex(({ category }) => category === device);
    return {
      org_id: scene.org.id,
      id: scene.id('inventory_items', index),
      sku,
      name,
      device_type_id: model < 0 ? null : scene.id('device_types', model),
      unit_cost_cents: cents,
      currency: scene.org.currency,
      reorder_point: reorderPoint,
      created_at: scene.calendar.workday(385, 100 + index),
    };
  });
}

export function warehouseRows(scene: Scene) {
  const random = scene.random('warehouses');
  return wordsOf(scene).warehouses.map((name, index) => {
    const { city, region, postalCode, country } = at(scene.business.cities, index);
    return {
      org_id: scene.org.id,
      id: scene.id('warehouses', index),
      name,
      address: { line1: `Gate ${random.int(1, 9)}`, city, region, postalCode, country },
      created_at: scene.calendar.workday(388, 20 + index),
    };
  });
}

/** Of every fourth item there is too little. */
export function stockRows(scene: Scene) {
  const random = scene.random('stock_levels');
  const { parts, warehouses } = wordsOf(scene);
  return parts.flatMap(({ reorderPoint }, item) =>
    warehouses.map((_, warehouse) => ({
      org_id: scene.org.id,
      id: scene.id('stock_levels', item * 10 + warehouse),
      item_id: scene.id('inventory_items', item),
      warehouse_id: scene.id('warehouses', warehouse),
      quantity:
        item % 4 === 3 ? random.int(0, Math.floor(reorderPoint / 4)) : reorderPoint + random.int(0, 2 * reorderPoint),
      created_at: scene.calendar.workday(380, 130 + item),
    })),
  );
}

/** What each technician has in the van: a few of most parts, and one that ran out. */
export function vehicleRows(scene: Scene) {
  const random = scene.random('vehicle_inventory');
  const { parts, vehicles } = wordsOf(scene);
  return techniciansOf(scene).flatMap((technician, number) =>
    random.some([...parts.keys()], Math.ceil(parts.length * 0.6)).map((item, index) => ({
      org_id: scene.org.id,
      id: scene.id('vehicle_inventory', number * 100 + item),
      technician_id: technician,
      vehicle: at(vehicles, number),
      item_id: scene.id('inventory_items', item),
      quantity: index === 0 ? 0 : item % 4 === 3 ? 1 : random.int(1, 4),
      created_at: scene.calendar.workday(200, 160 + item),
    })),
  );
}
