/**
 * An operation while it is being written: its variables, its named fragments, and how much it holds already.
 *
 * Fields of one place share a scope, wherever they are written (twice, in fragments, under directives): a response key
 * stands for the same field with the same arguments each time, or the document would not be valid.
 */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  isNonNullType,
} from 'graphql';
import type { Dice } from './dice.ts';
import type { World } from './world.ts';

export type Composite = GraphQLObjectType | GraphQLInterfaceType;

/** A field as it is written in its scope, arguments included. */
export interface Head {
  readonly text: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** How many rows it may give. */
  readonly size: number;
  readonly scope: Scope;
  /** Where several types may stand: those worth asking for. */
  readonly expected?: readonly string[] | undefined;
}

/** Arguments as they are written, and how many rows they ask for at most. */
export type Written = Pick<Head, 'text' | 'size'>;

/** The response keys of a place that are taken. */
export class Scope {
  heads = new Map<string, Head>();
  /** At a place of several types: what a key was taken for, whichever the type. */
  readonly shapes: Map<string, string> | null;
  readonly #ofTypes = new Map<string, Scope>();

  constructor(shapes: Map<string, string> | null = null) {
    this.shapes = shapes;
  }

  /** The scope of one of the types that may stand here. */
  of(type: string): Scope {
    const scope = this.#ofTypes.get(type) ?? new Scope(this.shapes ?? new Map());
    this.#ofTypes.set(type, scope);
    return scope;
  }
}

/** Where a selection stands. */
export interface Place {
  readonly type: Composite;
  readonly scope: Scope;
  /** Levels of the document, counted from 1. */
  readonly level: number;
  /** How many more relations may be followed. */
  readonly depth: number;
  /** How many objects may stand here. */
  readonly rows: number;
  /** Where several types may stand: those worth asking for. */
  readonly expected?: readonly string[] | undefined;
}

export interface Fragment {
  readonly name: string;
  readonly text: string;
  readonly place: Place;
}

const hostileVariables = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

export class Draft {
  readonly dice: Dice;
  readonly world: World;
  /** The organization whose rows the caller knows of. */
  readonly org: string;
  readonly fragments: Fragment[] = [];
  readonly definitions: string[] = [];
  /** Without a prototype, so that any name is only a name. */
  readonly variables: Record<string, unknown> = Object.create(null);
  /**
   * Lists below the root are either written in several places each, and a relation has the same arguments everywhere, or
   * they have arguments of their own, and are written once. Together the two mislead the resolvers: where one of the places
   * asks for less than the others, they may take the rows or the number of another list of the same relation.
   */
  readonly merging: boolean;
  fields = 0;
  aliases = 0;
  readonly #written = new Set<Head>();
  readonly #lists = new Map<string, Written>();
  readonly #named = new Map<string, string>();

  constructor(dice: Dice, world: World, org: string) {
    this.dice = dice;
    this.world = world;
    this.org = org;
    this.merging = dice.chance(50);
  }

  /** Whether a list below the root may be written here; from then on it is. */
  mayWrite(list: Head): boolean {
    if (!this.merging && this.#written.has(list)) return false;
    this.#written.add(list);
    return true;
  }

  /** The arguments of a list below the root, known by its parent's type and its name. */
  argumentsOf(list: string, make: () => Written): Written {
    const written = (this.merging && this.#lists.get(list)) || make();
    this.#lists.set(list, written);
    return written;
  }

  /** Whether it is long enough. */
  get full(): boolean {
    return this.fields > 45;
  }

  #newName(): string {
    const name = this.dice.chance(1) ? this.dice.pick(hostileVariables) : `v${this.definitions.length + 1}`;
    return name in this.variables || this.definitions.some((text) => text.startsWith(`$${name}:`))
      ? `v${this.definitions.length + 1}`
      : name;
  }

  /**
   * A variable of a type: with a value, or with a default that is given or left to count. `undefined` leaves it out.
   *
   * @param literal the value as a constant of the document, or null when it cannot be one.
   */
  variable(type: GraphQLInputType, value: unknown, literal: string | null): string {
    const same = `${type}=${JSON.stringify(value)}`;
    const known = this.#named.get(same);
    if (known && this.dice.chance(50)) return known;
    const name = this.#newName();
    const byDefault = literal !== null && value !== undefined && value !== null && this.dice.chance(25);
    const nullable = isNonNullType(type) && byDefault && this.dice.chance(50) ? type.ofType : type;
    this.definitions.push(`$${name}: ${nullable}${byDefault ? ` = ${literal}` : ''}`);
    if (value !== undefined && !(byDefault && this.dice.chance(60))) this.variables[name] = value;
    this.#named.set(same, `$${name}`);
    return `$${name}`;
  }
}
