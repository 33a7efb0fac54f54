/** One inspection: the call or order, the marks, the agent's objection and what was decided. */

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deskApi, type InspectionRow, type SheetRow } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { maySupervise, useSession } from '../../../api/session.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { WarningFilled } from '../../../ui/icons.ts';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { Refusal, TextField } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { fullMarks, type Marks, scoreOf } from './marks.ts';

/** `sheet` is null for one that is no longer in use: its results stay, but nothing is marked anew. */
export function Marking({ row, sheet }: { row: InspectionRow; sheet: SheetRow | null }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const { user } = useSession();
  const readAgain = useReadAgain();
  const supervises = maySupervise(user.role);
  const marking = supervises && sheet !== null && (row.state === 'drawn' || row.state === 'disputed');
  const mayDispute = row.state === 'published' && row.agent_user_id === user.id;
  const criteria = sheet?.criteria ?? [];
  const given: Marks = Object.keys(row.marks).length > 0 ? row.marks : fullMarks(criteria);
  const { value, change, discard } = useDraft<{ marks: Marks; words: string }>(`inspection:${row.id}:${row.state}`, {
    marks: given,
    words: '',
  });
  const { busy, problem, send } = useSend(() => readAgain('inspection'));
  const marks = marking ? value.marks : given;
  const result = scoreOf(criteria, marks);

  const submit = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    if (!(await send(work))) return;
    discard();
    readAgain('inspection', 'notice');
    showToast('info', done);
  };
  const body = { version: row.version, marks: value.marks, words: value.words.trim() };

  return (
    <section className="panel" aria-label={t('desk.inspection.title')} data-testid="inspection">
      <h2 className="panel__title">
        <span>
          {row.agent_name || '–'} · {row.sheet_name}
        </span>
        {row.call_id !== null && (
          <Link to={`/records/${encodeURIComponent(row.call_id)}`}>{t('desk.inspection.subject_call')}</Link>
        )}
        {row.order_id !== null && <Link to={`/desk/orders/${row.order_id}`}>{t('desk.inspection.subject_order')}</Link>}
      </h2>
      <div className="desk-part">
        <ul className="desk-rows">
          {criteria.map((criterion) => {
            const mark = marks[criterion.id] ?? null;
            const name = localized(criterion.name, criterion.id);
            return (
              <li key={criterion.id}>
                <span>
                  {name}{' '}
                  {criterion.fatal && (
                    <span className="desk-mark" data-tone="danger">
                      <WarningFilled /> {t('desk.inspection.fatal')}
                    </span>
                  )}
                </span>
                {marking ? (
                  <span className="desk-card__line">
                    <input
                      className="field desk-mark-input"
                      type="number"
                      min={0}
                      max={criterion.points}
                      step={0.5}
                      disabled={mark === null}
                      value={mark ?? ''}
                      aria-label={name}
                      data-testid={`mark-${criterion.id}`}
                      onChange={(event) =>
                        change({ marks: { ...value.marks, [criterion.id]: Number(event.target.value) } })
                      }
                    />
                    <span className="quiet">/ {criterion.points}</span>
                    <label className="desk-check">
                      <input
                        type="checkbox"
                        checked={mark === null}
                        onChange={(event) =>
                          change({
                            marks: { ...value.marks, [criterion.id]: event.target.checked ? null : criterion.points },
                          })
                        }
                      />
                      {t('desk.inspection.notApplicable')}
                    </label>
                  </span>
                ) : (
                  <span>
                    {mark ?? t('desk.inspection.notApplicable')} <span className="quiet">/ {criterion.points}</span>
                  </span>
                )}
              </li>
            );
          })}
        </ul>
        <p className="desk-score-total" data-testid="inspection-total">
          <strong>{t('desk.inspection.total', { score: marking ? result.score : (row.score ?? '–') })}</strong>
        </p>
        {row.remark !== '' && <Said label={t('desk.inspection.remark')} text={row.remark} by={row.inspector} />}
        {row.dispute !== '' && <Said label={t('desk.inspection.dispute')} text={row.dispute} by={row.agent_name} />}
        {row.settlement !== '' && (
          <Said label={t('desk.inspection.settlement')} text={row.settlement} by={row.inspector} />
        )}
        {(marking || mayDispute) && (
          <div className="desk-form">
            <TextField
              wide
              rows={3}
              needed={mayDispute}
              label={t(
                mayDispute
                  ? 'desk.inspection.disputeReason'
                  : row.state === 'disputed'
                    ? 'desk.inspection.settlement'
                    : 'desk.inspection.remark',
              )}
              value={value.words}
              testId="inspection-words"
              onChange={(words) => change({ words })}
            />
            <Refusal text={problem} />
            <div className="desk-form__foot desk-field--wide">
              {marking && row.state === 'drawn' && (
                <button
                  type="button"
                  className="button button--primary"
                  disabled={busy}
                  data-testid="inspection-publish"
                  onClick={() => void submit(() => deskApi.mark(row.id, body), t('desk.inspection.published'))}
                >
                  {t('desk.inspection.publish')}
                </button>
              )}
              {marking && row.state === 'disputed' && (
                <button
                  type="button"
                  className="button button--primary"
                  disabled={busy}
                  data-testid="inspection-settle"
                  onClick={() => void submit(() => deskApi.settle(row.id, body), t('desk.inspection.settled'))}
                >
                  {t('desk.inspection.settle')}
                </button>
              )}
              {mayDispute && (
                <button
                  type="button"
                  className="button"
                  disabled={busy || value.words.trim() === ''}
                  data-testid="inspection-dispute"
                  onClick={() =>
                    void submit(
                      () => deskApi.dispute(row.id, { version: row.version, reason: value.words.trim() }),
                      t('desk.inspection.disputed'),
                    )
                  }
                >
                  {t('desk.inspection.dispute')}
                </button>
              )}
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

function Said({ label, text, by }: { label: string; text: string; by: string }) {
  return (
    <p>
      <strong>{label}</strong> <span className="desk-text">{text}</span> <span className="quiet">{by}</span>
    </p>
  );
}
