import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';

const ContractSignInput = builder.inputType('ContractSignInput', {
  description: 'Which contract is signed, by whom and when.',
  fields: (t) => ({
    ...target(t),
    signedBy: t.string({ required: true, description: 'Who signed.' }),
    signedAt: t.field({ type: 'DateTime', description: 'When it was signed; now unless given.' }),
  }),
});

const signature: StatusMove = { from: ['draft', 'sent'], to: 'signed', done: 'signed' };

async function signContract(context: Context, input: Input): Promise<Written> {
  const { signedBy, signedAt } = rowData<Input>('Contract', {
    signedBy: input.signedBy,
    signedAt: input.signedAt ?? new Date(),
  });
  if (String(signedBy).trim() === '') throw new UserError('BAD_USER_INPUT', 'Say who signed.', ['signedBy']);
  return moveStatus(context, 'Contract', input, signature, { signedBy, signedAt });
}

mutation({
  name: 'contractSign',
  description: 'Marks a contract as signed, if it is a draft or was sent.',
  permission: 'crm:write',
  input: ContractSignInput,
  returns: 'Contract',
  run: (input, context) => signContract(context, input),
});
