/** Moves of stock. Nobody writes quantities: whatever is in one place came from another, or from outside. */

import type { Types } from '../../builder.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { InputFields } from '../../graphql/mutation.ts';
import { mutation, type Payload, payloadRow } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { type Place, placeOf, putInto, takeFrom } from './stock-place.ts';

type Moved = Written & { readonly extra: Input };

const itemInput = (t: InputFields) => t.id({ required: true, description: 'The item.' });

const StockTransferInput = builder.inputType('StockTransferInput', {
  description: 'How many of an item go from where to where. A place is a warehouse, or a vehicle of a technician.',
  fields: (t) => ({
    itemId: itemInput(t),
    quantity: t.int({ required: true, description: 'How many, at least one.' }),
    fromWarehouseId: t.id({ description: 'The warehouse that they leave.' }),
    fromTechnicianId: t.id({ description: 'The technician whose vehicle they leave.' }),
    fromVehicle: t.string({ description: 'Which vehicle of that technician; `Van` unless given.' }),
    toWarehouseId: t.id({ description: 'The warehouse that they come to.' }),
    toTechnicianId: t.id({ description: 'The technician whose vehicle they come to.' }),
    toVehicle: t.string({ description: 'Which vehicle of that technician; `Van` unless given.' }),
  }),
});

const StockAdjustInput = builder.inputType('StockAdjustInput', {
  description: 'How many of an item came into a place from outside, or are gone from it.',
  fields: (t) => ({
    itemId: itemInput(t),
    by: t.int({
      required: true,
      description: 'How many came, as after a delivery; negative for what was used or lost.',
    }),
    warehouseId: t.id({ description: 'The warehouse.' }),
    technicianId: t.id({ description: 'The technician whose vehicle it is.' }),
    vehicle: t.string({ description: 'Which vehicle of that technician; `Van` unless given.' }),
  }),
});

/** Who changes the stock of an item waits here for others who do, so that nobody waits for two at a time. */
async function lockItem(context: Context, input: Input): Promise<string> {
  const { itemId } = rowData<{ itemId: string }>('StockLevel', { itemId: input.itemId });
  const [row] = await context.db.$queryRaw<Written[]>`
    select id from inventory_items where id = ${itemId}::uuid for update`;
  if (!row) throw new UserError('NOT_FOUND', 'There is no such item.', ['itemId']);
  return itemId;
}

/** Has the item count what there is of it now, and not only when the transaction is saved: the answer shows it. */
async function addUp({ db }: Context): Promise<void> {
  await db.$queryRaw`select app.add_up_stock()::text`;
}

const isSame = (a: Place, b: Place): boolean =>
  a.model === b.model && Object.entries(a.key).every(([key, value]) => b.key[key] === value);

async function transfer(context: Context, input: Input & { readonly quantity: number }): Promise<Moved> {
  const { quantity } = input;
  if (quantity < 1) throw new UserError('BAD_USER_INPUT', 'At least one goes.', ['quantity']);
  const from = await placeOf(context, input, 'from');
  const to = await placeOf(context, input, 'to');
  if (isSame(from, to)) throw new UserError('BAD_USER_INPUT', 'They are there already.', ['toWarehouseId']);
  const id = await lockItem(context, input);
  const taken = await takeFrom(context, from, id, quantity, 'quantity');
  const put = await putInto(context, to, id, quantity);
  await addUp(context);
  return { id, extra: { [`from${from.model}`]: taken, [`to${to.model}`]: put } };
}

async function adjust(context: Context, input: Input & { readonly by: number }): Promise<Moved> {
  const { by } = input;
  if (by === 0) throw new UserError('BAD_USER_INPUT', 'Nothing came, and nothing is gone.', ['by']);
  const place = await placeOf(context, input, '');
  const id = await lockItem(context, input);
  const row = by > 0 ? await putInto(context, place, id, by) : await takeFrom(context, place, id, -by, 'by');
  await addUp(context);
  return { id, extra: { [place.model]: row } };
}

type Fields = PothosSchemaTypes.ObjectFieldBuilder<Types, Payload>;

const placeFields = (t: Fields, side: '' | 'from' | 'to', words: string) => {
  const field = (model: Place['model'], where: string) => {
    const key = `${side}${model}`;
    const description = `What there is now in the ${where} ${words}; null when it was no ${where}.`;
    return {
      [key.charAt(0).toLowerCase() + key.slice(1)]: payloadRow(t, model, description, ({ extra }) => extra[key]),
    };
  };
  return { ...field('StockLevel', 'warehouse'), ...field('VehicleInventory', 'vehicle') };
};

mutation({
  name: 'stockTransfer',
  description:
    'Moves some of an item from one place to another, if there are as many. Of those who take the last ones at the same moment, one is refused.',
  permission: 'support:write',
  input: StockTransferInput,
  returns: 'InventoryItem',
  payload: (t) => ({ ...placeFields(t, 'from', 'that they left'), ...placeFields(t, 'to', 'that they came to') }),
  run: (input, context) => transfer(context, input),
});

mutation({
  name: 'stockAdjust',
  description: 'Notes what came into a place from outside, or is gone from it: a delivery, use, loss, a count.',
  permission: 'support:write',
  input: StockAdjustInput,
  returns: 'InventoryItem',
  payload: (t) => placeFields(t, '', 'that was named'),
  run: (input, context) => adjust(context, input),
});
