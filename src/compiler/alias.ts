/**
 * A table in a statement: its alias, its model, and the columns that are asked of it.
 */
import { hasField } from '../graphql/model.ts';
import { columnSql } from '../graphql/sql-names.ts';

/** The organization that the transaction's setting names. Row security verifies it: once for each table is enough. */
export const currentOrg = '(select app.named_org_id())';

export class Alias {
  readonly name: string;
  readonly model: string;
  readonly used = new Set<string>();

  constructor(name: string, model: string) {
    this.name = name;
    this.model = model;
  }

  /** A column as SQL. */
  column(field: string): string {
    this.used.add(field);
    return columnSql(this.name, this.model, field).text;
  }

  /** Row security says it too; so do we, in every statement. Tables that belong to no organization have no such column. */
  get ownRows(): string {
    return hasField(this.model, 'orgId') ? `${columnSql(this.name, this.model, 'orgId').text} = ${currentOrg}` : 'true';
  }
}

/** Gives every table of one statement a name of its own. */
export class Aliases {
  #count = 0;

  of(model: string): Alias {
    this.#count++;
    return new Alias(`s${this.#count}`, model);
  }
}
