/** Where stock is: in a warehouse, or in the vehicle of a technician. */
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { delegate } from '../../graphql/delegate.ts';
import { type Input, liveRow, rowData } from '../../graphql/rows.ts';
import { activeMember } from './active-member.ts';

export interface Place {
  readonly model: 'StockLevel' | 'VehicleInventory';
  /** The columns that say which place of this kind it is. */
  readonly key: Input;
}

/** Which input fields name a place: those with no prefix, or with `from` or `to`. */
export type Side = '' | 'from' | 'to';

const fieldOf = (side: Side, name: string): string =>
  side === '' ? name : `${side}${name.charAt(0).toUpperCase()}${name.slice(1)}`;

async function warehouse(context: Context, input: Input, field: string): Promise<Place> {
  const key = rowData<{ warehouseId: string }>('StockLevel', { warehouseId: input[field] });
  const found = await context.db.warehouse.findFirst({ where: { id: key.warehouseId }, select: { id: true } });
  if (!found) throw new UserError('NOT_FOUND', 'There is no such warehouse.', [field]);
  return { model: 'StockLevel', key };
}

async function vehicle(context: Context, input: Input, side: Side): Promise<Place> {
  const technicianId = await activeMember(
    context,
    'VehicleInventory',
    input,
    fieldOf(side, 'technicianId'),
    'technicianId',
  );
  const name = rowData<Input>('VehicleInventory', { vehicle: input[fieldOf(side, 'vehicle')] ?? 'Van' });
  return { model: 'VehicleInventory', key: { technicianId, ...name } };
}

/**
 * The place that an input names.
 *
 * @throws UserError BAD_USER_INPUT unless it is exactly one, NOT_FOUND when there is none like it.
 */
export function placeOf(context: Context, input: Input, side: Side): Promise<Place> {
  const [inWarehouse, withTechnician] = [fieldOf(side, 'warehouseId'), fieldOf(side, 'technicianId')];
  if (Boolean(input[inWarehouse]) === Boolean(input[withTechnician]))
    throw new UserError('BAD_USER_INPUT', `Give ${inWarehouse} or ${withTechnician}: one of the two.`, [inWarehouse]);
  return input[inWarehouse] ? warehouse(context, input, inWarehouse) : vehicle(context, input, side);
}

/** Puts some of an item into a place; gives the row that counts them there. */
export async function putInto(context: Context, { model, key }: Place, itemId: string, quantity: number) {
  const rows = delegate(context.db, model);
  const where = { ...key, itemId };
  const [known] = await rows.updateManyAndReturn({
    where,
    data: { quantity: { increment: quantity } },
    select: { id: true },
  });
  return String((known ?? (await rows.create({ data: { ...where, quantity }, select: { id: true } }))).id);
}

/**
 * Takes some of an item out of a place, if there are as many; gives the row that counts them there.
 *
 * @throws UserError CONFLICT saying how many there are.
 */
export async function takeFrom(
  context: Context,
  { model, key }: Place,
  itemId: string,
  quantity: number,
  path: string,
) {
  const rows = delegate(context.db, model);
  const where = { ...key, itemId };
  const [left] = await rows.updateManyAndReturn({
    where: { ...where, quantity: { gte: quantity } },
    data: { quantity: { decrement: quantity } },
    select: { id: true },
  });
  if (left) return String(left.id);
  const row = await rows.findFirst({ where, select: { quantity: true } });
  throw new UserError('CONFLICT', `Only ${Number(row?.quantity ?? 0)} there.`, [path]);
}

/** What there is somewhere is moved or written off before its row goes. */
export const demandEmpty =
  (model: Place['model']) =>
  async (input: Input, context: Context): Promise<void> => {
    const { quantity, version } = await liveRow(context, model, input, { quantity: true });
    if (quantity !== 0) throw new UserError('CONFLICT', `There are ${Number(quantity)} left.`, ['id'], version);
  };
