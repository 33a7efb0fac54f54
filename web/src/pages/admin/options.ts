/** Options are a tree of JSON in which what is left out has its default. Pure. */

export type Options = Record<string, unknown>;

/** The same with `name` set; undefined, the default itself or an empty tree take it out. */
export function put(options: Options, name: string, value: unknown, neutral?: unknown): Options {
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => key !== name));
  const nothing = value === undefined || value === neutral || (isTree(value) && Object.keys(value).length === 0);
  return nothing ? rest : { ...rest, [name]: value };
}

export const isTree = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const tree = (value: unknown): Options => (isTree(value) ? value : {});
export const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
export const stringOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
