import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';

const file = new URL('./schema.d.ts', import.meta.url);
const HEADER = /^\/\*\*[\s\S]*?\*\/\n*/;

test("the types are those of the server's OpenAPI document (otherwise: npm run types)", async () => {
  const generated = astToString(
    await openapiTS(new URL('../../openapi.json', import.meta.url), { defaultNonNullable: false }),
  );
  const config = await resolveConfig(file.pathname);
  const formatted = await format(generated, { ...config, parser: 'typescript' });
  expect(readFileSync(file, 'utf8').replace(HEADER, '')).toBe(formatted);
}, 30_000);
