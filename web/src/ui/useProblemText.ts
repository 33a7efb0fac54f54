/** A sentence for a failed request, in the person's language, from the server's stable code. */

import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem.ts';

export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    const problem = asProblem(error);
    const key = `error.${problem.errorId}`;
    // The code comes from the server; unknown ones get a general sentence that still names the code.
    if (i18n.exists(key)) return (t as (key: string, params: object) => string)(key, problem.params);
    return t('error.unknown', { code: problem.errorId });
  };
}
