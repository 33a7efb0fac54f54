/** Save, delete, and what the server said: wrong values, somebody who was faster, who still uses it. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../api/problem.ts';
import { dateTimeSeconds } from '../../time/format.ts';
import { CheckOutlined, WarningOutlined } from '../../ui/icons.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import type { Editor } from './useEditor.ts';

interface Props<T> {
  editor: Editor<T>;
  save: (draft: T) => Promise<unknown>;
  onSaved?: ((draft: T) => void) | undefined;
  remove?: (() => Promise<unknown>) | undefined;
  onRemoved?: (() => void) | undefined;
}

export function SaveBar<T>({ editor, save, onSaved, remove, onRemoved }: Props<T>) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const [saved, setSaved] = useState(false);

  const submit = async (): Promise<void> => {
    setSaved(false);
    if (!(await editor.run(save))) return;
    setSaved(true);
    onSaved?.(editor.draft);
  };

  return (
    <div className="form__bar">
      {editor.problem && <ProblemBox problem={editor.problem} onTheirs={() => editor.replace(theirs(editor))} />}
      <div className="form__buttons">
        <button
          type="button"
          className="button button--primary"
          data-testid="admin-save"
          disabled={editor.saving || !editor.dirty}
          data-pending={editor.saving}
          onClick={() => void submit()}
        >
          <CheckOutlined /> {t('admin.save')}
        </button>
        <span role="status" className="quiet" data-testid="admin-saved">
          {saved && !editor.dirty && t('admin.saved')}
        </span>
        {remove && (
          <span className="form__danger">
            {sure && (
              <button type="button" className="button" onClick={() => setSure(false)}>
                {t('common.cancel')}
              </button>
            )}
            <button
              type="button"
              className="button button--outline-danger"
              data-testid={sure ? 'admin-delete-sure' : 'admin-delete'}
              disabled={editor.saving}
              onClick={() => {
                if (!sure) setSure(true);
                else
                  void editor.run(remove).then((gone) => {
                    setSure(false);
                    if (gone) onRemoved?.();
                  });
              }}
            >
              {t(sure ? 'admin.deleteSure' : 'admin.delete')}
            </button>
          </span>
        )}
      </div>
    </div>
  );
}

/** What stands on the server now, after a conflict. */
function theirs<T>(editor: Editor<T>): T {
  return { ...editor.draft, ...(editor.problem?.params.current as T) };
}

interface Changed {
  actor: string;
  at: number;
  detail: { after?: Record<string, unknown> };
}

function ProblemBox({ problem, onTheirs }: { problem: Problem; onTheirs: () => void }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const change = problem.params.change as Changed | null | undefined;
  const usedBy = problem.params.used_by as { kind: string; id: string }[] | undefined;
  const errors = problem.params.errors as { loc: (string | number)[]; msg: string }[] | undefined;
  return (
    <div className="form__problem" role="alert" data-testid="admin-problem">
      <WarningOutlined />
      <div>
        <strong>{problemText(problem)}</strong>
        {errors && (
          <ul>
            {errors.map(({ loc, msg }) => (
              <li key={loc.join('.')}>
                <code>{loc.slice(1).join('.')}</code>{' '}
                {t(`desk.settings.wrong.${msg}` as 'desk.settings.wrong.unknown', { defaultValue: msg })}
              </li>
            ))}
          </ul>
        )}
        {usedBy && (
          <ul>
            {usedBy.map(({ kind, id }) => (
              <li key={`${kind}:${id}`}>
                {t(`admin.kinds.${kind}` as 'admin.kinds.queue')} <code>{id}</code>
              </li>
            ))}
          </ul>
        )}
        {change && (
          <p>
            {t('admin.changedBy', {
              actor: change.actor,
              at: dateTimeSeconds(change.at),
              fields: Object.keys(change.detail.after ?? {}).join(', '),
            })}
          </p>
        )}
        {problem.errorId === 'changed_meanwhile' && problem.params.current !== null && (
          <button type="button" className="button button--small" data-testid="admin-theirs" onClick={onTheirs}>
            {t('admin.takeTheirs')}
          </button>
        )}
      </div>
    </div>
  );
}
