import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;
let north: string;
let south: string;
let technician: string;
let serial = 0;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
  north = await make(org.member, 'Warehouse', { name: 'North' });
  south = await make(org.member, 'Warehouse', { name: 'South' });
  technician = `member_${org.people.member.id}`;
});

const adjust = (itemId: string, by: number, place: object = { warehouseId: north }) =>
  write(org.member, 'stockAdjust', { itemId, by, ...place }, 'quantityInStock needsReorder');

/** An item of which there are some in the northern warehouse. */
async function item(quantity: number, input: object = {}): Promise<string> {
  const id = await make(org.member, 'InventoryItem', { sku: `P-${++serial}`, name: 'Pump seal', ...input });
  if (quantity > 0) await adjust(id, quantity);
  return id;
}

/** How many there are where: warehouses by name, vehicles by theirs. */
async function stock(id: string): Promise<Record<string, number>> {
  const document = `query ($id: ID!) { inventoryItem(id: $id) { quantityInStock
    stockLevels { nodes { quantity warehouse { name } } } vehicleInventory { nodes { quantity vehicle } } } }`;
  const { inventoryItem } = await org.viewer.ok(document, { id });
  return Object.fromEntries([
    ...inventoryItem.stockLevels.nodes.map(({ quantity, warehouse }: Data) => [warehouse.name, quantity]),
    ...inventoryItem.vehicleInventory.nodes.map(({ quantity, vehicle }: Data) => [vehicle, quantity]),
    ['all', inventoryItem.quantityInStock],
  ]);
}

const transfer = `mutation ($input: StockTransferInput!) { stockTransfer(input: $input) {
  inventoryItem { quantityInStock } fromStockLevel { quantity } fromVehicleInventory { quantity }
  toStockLevel { quantity } toVehicleInventory { quantity vehicle technician { id } } userErrors { code message path } } }`;
const move = async (input: object): Promise<Data> => (await org.member.run(transfer, { input })).data.stockTransfer;

test('stock goes from warehouse to warehouse, into a vehicle and back', async () => {
  const itemId = await item(10);
  expect(await move({ itemId, quantity: 4, fromWarehouseId: north, toWarehouseId: south })).toEqual({
    inventoryItem: { quantityInStock: 10 },
    fromStockLevel: { quantity: 6 },
    fromVehicleInventory: null,
    toStockLevel: { quantity: 4 },
    toVehicleInventory: null,
    userErrors: [],
  });
  const loaded = await move({
    itemId,
    quantity: 3,
    fromWarehouseId: south,
    toTechnicianId: technician,
    toVehicle: 'B-GX 12',
  });
  expect(loaded.toVehicleInventory).toEqual({ quantity: 3, vehicle: 'B-GX 12', technician: { id: technician } });
  await move({ itemId, quantity: 1, fromTechnicianId: technician, fromVehicle: 'B-GX 12', toTechnicianId: technician });
  expect(await stock(itemId)).toEqual({ North: 6, South: 1, 'B-GX 12': 2, Van: 1, all: 10 });
});

test('what comes from outside and what is used is noted, and more than is there is not used', async () => {
  const itemId = await item(5);
  expect(await adjust(itemId, -2)).toMatchObject({ quantityInStock: 3 });
  await adjust(itemId, 2, { technicianId: technician });
  expect(await stock(itemId)).toEqual({ North: 3, Van: 2, all: 5 });
  expect(await refusal(org.member, 'stockAdjust', { itemId, by: -4, warehouseId: north })).toEqual(
    conflict('Only 3 there.', 'by', null),
  );
  expect(await refusal(org.member, 'stockAdjust', { itemId, by: -1, warehouseId: south })).toEqual(
    conflict('Only 0 there.', 'by', null),
  );
});

test('stock moves never go below zero, however many take at the same moment', async () => {
  const itemId = await item(3);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => move({ itemId, quantity: 1, fromWarehouseId: north, toTechnicianId: technician })),
  );
  const refused = answers.flatMap(({ userErrors }) => userErrors);
  expect(refused).toEqual(Array(2).fill({ code: 'CONFLICT', message: 'Only 0 there.', path: ['quantity'] }));
  expect(await stock(itemId)).toEqual({ North: 0, Van: 3, all: 3 });
});

test('moves there and back at the same moment lose nothing', async () => {
  const itemId = await item(20);
  await move({ itemId, quantity: 10, fromWarehouseId: north, toWarehouseId: south });
  const there = { itemId, quantity: 1, fromWarehouseId: north, toWarehouseId: south };
  const back = { itemId, quantity: 1, fromWarehouseId: south, toWarehouseId: north };
  const answers = await Promise.all([there, back, there, back].map(move));
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  expect(await stock(itemId)).toEqual({ North: 10, South: 10, all: 20 });
});

test('the database itself keeps quantities from going below zero', async () => {
  const itemId = await item(1);
  const change = gateway.sql('update stock_levels set quantity = -1 where item_id = $1', [uuidOf(itemId)]);
  await expect(change).rejects.toThrow('stock_levels_quantity_check');
});

test.each([
  [{ quantity: 0 }, 'At least one goes.', 'quantity'],
  [{ quantity: -1 }, 'At least one goes.', 'quantity'],
  [{ fromWarehouseId: null }, 'Give fromWarehouseId or fromTechnicianId: one of the two.', 'fromWarehouseId'],
  [{ toTechnicianId: randomUUID() }, 'Give toWarehouseId or toTechnicianId: one of the two.', 'toWarehouseId'],
])('a transfer with %j is refused', async (input, message, path) => {
  const itemId = await item(1);
  const whole = { itemId, quantity: 1, fromWarehouseId: north, toWarehouseId: south, ...input };
  expect((await move(whole)).userErrors).toEqual([{ code: 'BAD_USER_INPUT', message, path: [path] }]);
});

test('nothing goes to where it is, and nothing is adjusted by nothing', async () => {
  const itemId = await item(1);
  const [error] = (await move({ itemId, quantity: 1, fromWarehouseId: north, toWarehouseId: north })).userErrors;
  expect(error.message).toBe('They are there already.');
  const [nothing] = await refusal(org.member, 'stockAdjust', { itemId, by: 0, warehouseId: north });
  expect(nothing?.message).toBe('Nothing came, and nothing is gone.');
});

test('items, warehouses and technicians of another organization are like none', async () => {
  const itemId = await item(1);
  const theirs = {
    item: await make(other.member, 'InventoryItem', { sku: 'P-1', name: 'Theirs' }),
    warehouse: await make(other.member, 'Warehouse', { name: 'Theirs' }),
  };
  const missing = (what: string, path: string) => [
    { code: 'NOT_FOUND', message: `There is no such ${what}.`, path: [path], currentVersion: null },
  ];
  const ask = (input: object) => refusal(org.member, 'stockAdjust', { itemId, by: 1, ...input });
  expect(await ask({ itemId: theirs.item, warehouseId: north })).toEqual(missing('item', 'itemId'));
  expect(await ask({ warehouseId: theirs.warehouse })).toEqual(missing('warehouse', 'warehouseId'));
  expect(await ask({ technicianId: other.people.member.id })).toEqual(missing('member', 'technicianId'));
});

test('viewers move no stock', async () => {
  const itemId = await item(1);
  const input = { itemId, by: 1, warehouseId: north };
  expect((await failure(org.viewer, 'stockAdjust', input))[0]).toBe('FORBIDDEN');
});

test('items below their reorder point are listed, by warehouses and vehicles together', async () => {
  const own = await newOrganization(gateway);
  const warehouseId = await make(own.member, 'Warehouse', { name: 'Only' });
  const technicianId = own.people.member.id;
  for (const [sku, inWarehouse, inVan] of [
    ['few', 1, 1],
    ['enough', 1, 2],
    ['none', 0, 0],
  ] as const) {
    const itemId = await make(own.member, 'InventoryItem', { sku, name: sku, reorderPoint: 3 });
    if (inWarehouse) await write(own.member, 'stockAdjust', { itemId, by: inWarehouse, warehouseId });
    if (inVan) await write(own.member, 'stockAdjust', { itemId, by: inVan, technicianId });
  }
  const reorder = `{ inventoryItems(filter: { needsReorder: { eq: true } }, orderBy: [{ sku: {} }]) { nodes { sku quantityInStock needsReorder } } }`;
  const { result, statements } = await gateway.countingBoth(own.viewer, (client) => client.ok(reorder));
  expect(result.inventoryItems.nodes).toEqual([
    { sku: 'few', quantityInStock: 2, needsReorder: true },
    { sku: 'none', quantityInStock: 0, needsReorder: true },
  ]);
  expect(statements.compiler).toBe(1);
});

test('a transfer leaves the item as it was; a delivery changes it', async () => {
  const itemId = await item(3);
  const version = async () =>
    (await gateway.sql('select version from inventory_items where id = $1', [uuidOf(itemId)]))[0]?.version;
  const before = await version();
  await move({ itemId, quantity: 1, fromWarehouseId: north, toWarehouseId: south });
  expect(await version()).toBe(before);
  await adjust(itemId, 1);
  expect(await version()).toBe(Number(before) + 1);
});

test('a row that counts something stays; an empty one may go', async () => {
  const itemId = await item(1);
  const document = 'query ($id: ID!) { inventoryItem(id: $id) { stockLevels { nodes { id } } } }';
  const [{ id }] = (await org.viewer.ok(document, { id: itemId })).inventoryItem.stockLevels.nodes;
  expect(await refusal(org.member, 'stockLevelDelete', { id })).toEqual(conflict('There are 1 left.', 'id', 1));
  await adjust(itemId, -1);
  await write(org.member, 'stockLevelDelete', { id });
  expect(await stock(itemId)).toEqual({ all: 0 });
});
