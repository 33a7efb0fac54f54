/** Why something was not published: one sentence, and the places. */

import { asProblem } from '../../api/problem.ts';
import { WarningFilled } from '../../ui/icons.ts';
import { useProblemText } from '../../ui/useProblemText.ts';

export function RefusalText({ error }: { error: unknown }) {
  const problemText = useProblemText();
  const { params } = asProblem(error);
  return (
    <div className="refusal" role="alert" data-testid="refusal">
      <p>
        <WarningFilled /> {problemText(error)}
      </p>
      {typeof params.message === 'string' && <code>{params.message}</code>}
    </div>
  );
}
