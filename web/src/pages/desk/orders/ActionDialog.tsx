/** Asks for what an action needs. What was written survives a refusal, a reload and a colleague who was quicker. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type ActionBody, type OrderAction, type OrderDetails } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { asProblem, Problem } from '../../../api/problem.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { CheckField, ChoiceField, PersonField, Refusal, TextField, UnitField } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { useDeskNames, useDeskWord } from '../words.ts';
import { ACTION_FORMS, type Part } from './actions.ts';
import { NO_SCORES, type Scores, ScoresField } from './ScoresField.tsx';

interface Values {
  unit: string;
  assignee: string;
  forced: boolean;
  reason: string;
  text: string;
  parent: string;
  hours: string;
  level: string;
  scores: Scores;
  cause: string;
}

const EMPTY: Values = {
  unit: '',
  assignee: '',
  forced: false,
  reason: '',
  text: '',
  parent: '',
  hours: '24',
  level: '1',
  scores: NO_SCORES,
  cause: '',
};

interface Props {
  order: OrderDetails;
  action: OrderAction;
  onClose: () => void;
  /** Of the call in which it is asked, if there is one. */
  callId?: string;
}

export function ActionDialog({ order, action, onClose, callId = '' }: Props) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const { reference } = useDeskNames();
  const readAgain = useReadAgain();
  const suggested = reference?.categories.find(({ id }) => id === order.category)?.unit_id ?? '';
  const fallback = action === 'dispatch' ? { ...EMPTY, unit: suggested } : EMPTY;
  const { value, change, discard } = useDraft<Values>(`order:${order.id}:${action}`, fallback);
  // The version that the person has seen: who sends on top of somebody else's change is told first.
  const [version, setVersion] = useState(order.version);
  const [missing, setMissing] = useState('');
  const { busy, problem, send } = useSend((error) => {
    const refused = asProblem(error);
    if (refused.errorId === 'stale_version') setVersion(Number(refused.params.version));
    if (refused.status === 409) readAgain('work_order');
  });
  const form = ACTION_FORMS[action] ?? { parts: [], needed: [] };
  const has = (part: Part): boolean => form.parts.includes(part);
  const needs = (part: Part): boolean => form.needed.includes(part);

  const submit = async (): Promise<void> => {
    const empty = form.needed.find((part) => isEmpty(value, part));
    if (empty) {
      setMissing(t('desk.form.needText', { field: word('field', FIELD_OF[empty]) }));
      return;
    }
    setMissing('');
    const done = await send(async () => {
      const parent = has('parent') ? await orderOf(value.parent) : null;
      await deskApi.act(order.id, {
        ...bodyOf(action, value, form.parts),
        version,
        parent_id: parent,
        call_id: callId,
      });
    });
    if (!done) return;
    discard();
    readAgain('work_order', 'notice');
    showToast('info', t('desk.detail.done', { action: word('action', action) }));
    onClose();
  };

  return (
    <Dialog
      title={`${word('action', action)} · ${order.number}`}
      open
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className={action === 'cancel' ? 'button button--danger' : 'button button--primary'}
            data-pending={busy}
            disabled={busy}
            data-testid="action-send"
            onClick={() => void submit()}
          >
            {word('action', action)}
          </button>
        </>
      }
    >
      <form
        className="desk-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="quiet desk-field--wide">{order.title}</p>
        {has('unit') && (
          <UnitField
            label={t('desk.field.unit')}
            needed={needs('unit')}
            value={value.unit}
            empty={t('desk.form.choose')}
            testId="action-unit"
            onChange={(unit) => change({ unit })}
          />
        )}
        {has('assignee') && (
          <PersonField
            label={t('desk.field.assignee')}
            needed={needs('assignee')}
            value={value.assignee}
            empty={needs('assignee') ? t('desk.form.choose') : '–'}
            onChange={(assignee) => change({ assignee })}
          />
        )}
        {has('parent') && (
          <TextField
            label={t('desk.detail.mergeInto')}
            needed
            value={value.parent}
            placeholder="CD-20261121-0042"
            testId="action-parent"
            onChange={(parent) => change({ parent })}
          />
        )}
        {has('hours') && (
          <TextField
            label={`${t('desk.field.seconds')} (h)`}
            needed
            type="number"
            value={value.hours}
            onChange={(hours) => change({ hours })}
          />
        )}
        {has('level') && (
          <ChoiceField
            label={t('desk.field.level')}
            value={value.level}
            choices={['1', '2', '3'].map((level) => ({ value: level, label: level }))}
            onChange={(level) => change({ level })}
          />
        )}
        {has('reason') && (
          <ChoiceField
            label={t('desk.field.reason')}
            needed={needs('reason')}
            value={value.reason}
            empty={t('desk.form.choose')}
            choices={(form.reasons ?? []).map((code) => ({ value: code, label: word('reason', code) }))}
            testId="action-reason"
            onChange={(reason) => change({ reason })}
          />
        )}
        {has('scores') && <ScoresField value={value.scores} onChange={(scores) => change({ scores })} />}
        {has('outcome') && (
          <TextField wide label={t('desk.field.cause')} value={value.cause} onChange={(cause) => change({ cause })} />
        )}
        {has('text') && (
          <TextField
            wide
            rows={4}
            label={action === 'reply' ? t('desk.field.measure') : t('desk.detail.text')}
            needed={needs('text')}
            value={value.text}
            testId="action-text"
            onChange={(text) => change({ text })}
          />
        )}
        {has('forced') && (
          <CheckField label={t('desk.field.forced')} value={value.forced} onChange={(forced) => change({ forced })} />
        )}
        <Refusal text={missing || problem} />
      </form>
    </Dialog>
  );
}

const FIELD_OF: Record<Part, string> = {
  unit: 'unit',
  assignee: 'assignee',
  forced: 'forced',
  reason: 'reason',
  text: 'text',
  parent: 'parent_id',
  hours: 'seconds',
  level: 'level',
  scores: 'satisfaction',
  outcome: 'measure',
};

function isEmpty(value: Values, part: Part): boolean {
  if (part === 'hours') return !(Number(value.hours) > 0);
  if (part === 'scores' || part === 'forced' || part === 'outcome') return false;
  return value[part].trim() === '';
}

/** Only what the action asks for: a draft may hold more. Pure. */
function bodyOf(action: OrderAction, value: Values, parts: Part[]): Omit<ActionBody, 'version'> {
  const has = (part: Part): boolean => parts.includes(part);
  return {
    action,
    ...(has('unit') && { unit: value.unit }),
    ...(has('assignee') && value.assignee !== '' && { assignee: Number(value.assignee) }),
    ...(has('forced') && { forced: value.forced }),
    ...(has('reason') && { reason: value.reason }),
    ...(has('text') && { text: value.text.trim() }),
    ...(has('hours') && { seconds: Number(value.hours) * 3600 }),
    ...(has('level') && { level: Number(value.level) }),
    ...(has('scores') && { detail: value.scores }),
    ...(has('outcome') && value.cause.trim() !== '' && { detail: { cause: value.cause.trim() } }),
  };
}

/** The id behind a number that somebody wrote. */
async function orderOf(number: string): Promise<number> {
  const found = await deskApi.orders({ text: number.trim(), page_size: 2 });
  const [order] = found.items.filter((one) => one.number === number.trim().toUpperCase());
  if (order === undefined) {
    throw new Problem('invalid', 422, { errors: [{ loc: ['body', 'parent_id'], msg: 'unknown' }] });
  }
  return order.id;
}
