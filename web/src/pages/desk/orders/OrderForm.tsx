/** A new order: prefilled from a call, warned of repetitions and outages, kept as a draft until it is made, once. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type OrderRow, type BulletinRow } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { ChoiceField, Refusal, TextField } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { useDeskWord } from '../words.ts';
import { OrderFields, useCustomFields } from './OrderFields.tsx';
import { Repeats } from './Repeats.tsx';
import { EMPTY_ORDER, firstMissing, newOrderBody, type OrderValues, type Then } from './values.ts';

interface Props {
  /** Where the draft belongs: a call's id, or the page. */
  place: string;
  callId?: string;
  prefill?: Partial<OrderValues>;
  repeats?: OrderRow[];
  outages?: BulletinRow[];
  onMade: (orderId: number | null) => void;
}

const THEN: Then[] = ['request_dispatch', 'resolve_on_call', 'merge', 'accept', 'draft'];
const THEN_WORD = {
  request_dispatch: 'desk.form.thenDispatch',
  resolve_on_call: 'desk.form.thenResolve',
  merge: 'desk.form.thenMerge',
  accept: 'desk.form.thenAccept',
  draft: 'desk.form.thenDraft',
} as const;

const randomKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(9)), (n) => n.toString(36)).join('');

export function OrderForm({ place, callId = '', prefill = {}, repeats = [], outages = [], onMade }: Props) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const readAgain = useReadAgain();
  // One key per draft: kept with the first letter that is written, so that it survives a reload too.
  const [key] = useState(randomKey);
  const draft = useDraft<OrderValues>(`new:${place}`, { ...EMPTY_ORDER, ...prefill, key });
  const { value } = draft;
  const fields = useCustomFields(value.category);
  const [missing, setMissing] = useState('');
  const { busy, problem, send } = useSend();
  const change = (part: Partial<OrderValues>): void => {
    setMissing('');
    draft.change({ key: value.key, ...part });
  };
  const mergeInto = (order: { id: number; number: string }): void =>
    change({ then: 'merge', parent_id: order.id, parent_number: order.number, repeat_of: order.id });

  const submit = async (): Promise<void> => {
    const first = firstMissing(value, fields);
    if (first !== null) {
      const name = first.replace('fields.', '');
      setMissing(t('desk.form.needText', { field: word('field', name) }));
      return;
    }
    draft.change({ key: value.key });
    let made: number | null = null;
    const done = await send(async () => {
      const answer = await deskApi.create(newOrderBody(value, fields, callId));
      made = answer.order_id;
      const text = answer.queued ? t('desk.problem.queued') : t('desk.form.made', { number: answer.number });
      showToast('info', text);
    });
    if (!done) return;
    draft.discard();
    readAgain('work_order', 'customer');
    onMade(made);
  };

  return (
    <form
      className="desk-form"
      data-testid="order-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Repeats repeats={repeats} outages={outages} onMerge={mergeInto} />
      <OrderFields values={value} change={change} />
      <ChoiceField
        label={t('desk.form.then')}
        value={value.then}
        choices={THEN.filter((then) => then !== 'merge' || value.parent_id !== null).map((then) => ({
          value: then,
          label: then === 'merge' ? `${t(THEN_WORD.merge)} ${value.parent_number}` : t(THEN_WORD[then]),
        }))}
        testId="order-form-then"
        onChange={(then) => change({ then: then as Then })}
      />
      {value.then === 'resolve_on_call' && (
        <TextField
          wide
          needed
          rows={2}
          label={t('desk.form.solution')}
          value={value.solution}
          testId="order-form-solution"
          onChange={(solution) => change({ solution })}
        />
      )}
      <Refusal text={missing || problem} />
      <div className="desk-form__foot desk-field--wide">
        {draft.kept && <span className="quiet">{t('desk.form.draftKept')}</span>}
        {draft.kept && (
          <button type="button" className="button button--quiet" onClick={draft.discard}>
            {t('desk.form.discard')}
          </button>
        )}
        <button
          type="submit"
          className="button button--primary"
          data-pending={busy}
          disabled={busy}
          data-testid="order-form-submit"
        >
          {t('desk.form.submit')}
        </button>
      </div>
    </form>
  );
}
