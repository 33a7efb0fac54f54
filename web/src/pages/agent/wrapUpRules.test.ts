import { describe, expect, it } from 'vitest';
import { wrapUpRules } from './wrapUpRules.ts';

const wrapUp = (wrap_up_mode: string, wrap_up_until: number | null = 100) =>
  ({ activity: 'wrap_up', wrap_up_mode, wrap_up_until }) as const;

describe('what an agent may do with a wrap-up', () => {
  it('is nothing while there is none', () => {
    expect(wrapUpRules({ activity: 'talking', wrap_up_mode: '', wrap_up_until: null }, true)).toEqual({
      mayFinish: false,
      needsDisposition: false,
      mayExtend: false,
      hint: null,
    });
  });

  it('optional: end it, or ask for more time', () => {
    expect(wrapUpRules(wrapUp('optional'), false)).toMatchObject({ mayFinish: true, mayExtend: true, hint: null });
  });

  it('fixed: it ends by itself only', () => {
    const rules = wrapUpRules(wrapUp('fixed'), true);
    expect(rules).toMatchObject({ mayFinish: false, needsDisposition: false, mayExtend: true, hint: 'fixedHint' });
  });

  it.each([
    ['until_disposition', null, false],
    ['limited', 100, true],
  ] as const)('%s: the category ends it', (mode, until, mayExtend) => {
    expect(wrapUpRules(wrapUp(mode, until), false)).toMatchObject({
      mayFinish: false,
      needsDisposition: true,
      mayExtend,
    });
    expect(wrapUpRules(wrapUp(mode, until), true)).toMatchObject({
      mayFinish: true,
      needsDisposition: false,
      mayExtend,
    });
  });
});
