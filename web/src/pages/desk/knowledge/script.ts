/** Scripts as text that people edit, and back. Pure.
 *
 * A paragraph per step: what to say; "? " a hint; "- answer > 2" leads to step 2, "- answer >" ends the script.
 */

import type { ScriptStep } from '../../../api/desk.ts';

export function stepsFrom(text: string): ScriptStep[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => {
      const says: string[] = [];
      const hints: string[] = [];
      const answers: Record<string, number | null> = {};
      for (const line of paragraph.split('\n').map((each) => each.trim())) {
        const answer = /^-\s*(.+?)\s*>\s*(\d*)$/.exec(line);
        if (answer) answers[answer[1] ?? ''] = answer[2] ? Number(answer[2]) - 1 : null;
        else if (/^[?？]/.test(line)) hints.push(line.slice(1).trim());
        else says.push(line);
      }
      return { say: says.join('\n'), hint: hints.join('\n'), answers };
    });
}

export function textOf(steps: ScriptStep[]): string {
  return steps
    .map(({ say, hint = '', answers = {} }) =>
      [
        say,
        ...(hint === '' ? [] : hint.split('\n').map((line) => `? ${line}`)),
        ...Object.entries(answers).map(([answer, to]) => `- ${answer} > ${to === null ? '' : to + 1}`.trim()),
      ].join('\n'),
    )
    .join('\n\n');
}
