/** Corrects what was filled in. Who changed the order meanwhile is told, and what was written here stays. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type OrderDetails } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { asProblem } from '../../../api/problem.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { Refusal } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { OrderFields, useCustomFields } from './OrderFields.tsx';
import { fittingFields, type OrderValues, valuesOf } from './values.ts';

export function EditOrder({ order, onClose }: { order: OrderDetails; onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const [before] = useState(() => valuesOf(order));
  const [version, setVersion] = useState(order.version);
  const draft = useDraft<OrderValues>(`order:${order.id}:edit`, before);
  const fields = useCustomFields(draft.value.category);
  const { busy, problem, send } = useSend((error) => {
    const refused = asProblem(error);
    if (refused.errorId === 'stale_version') setVersion(Number(refused.params.version));
    readAgain('work_order');
  });

  const save = async (): Promise<void> => {
    const { value } = draft;
    const done = await send(() =>
      deskApi.change(order.id, {
        version,
        // Only what differs: what a colleague wrote into other fields meanwhile stays theirs.
        ...changed(before, value, ['title', 'category', 'text', 'wanted', 'contact_name', 'address', 'confidential']),
        ...(value.urgency !== '' && value.urgency !== before.urgency && { urgency: value.urgency }),
        ...(value.customer_id !== before.customer_id && { customer_id: value.customer_id }),
        ...(value.contact_number !== before.contact_number && { contact_number: value.contact_number }),
        ...((value.category !== before.category || value.fields !== before.fields) && {
          fields: fittingFields(value.fields, fields),
        }),
      }),
    );
    if (!done) return;
    draft.discard();
    readAgain('work_order');
    showToast('info', t('desk.detail.saved'));
    onClose();
  };

  return (
    <Dialog
      wide
      open
      title={`${t('desk.form.amend')} · ${order.number}`}
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            className="button"
            onClick={() => {
              draft.discard();
              onClose();
            }}
          >
            {t('desk.form.discard')}
          </button>
          <button
            type="button"
            className="button button--primary"
            data-pending={busy}
            disabled={busy}
            data-testid="order-save"
            onClick={() => void save()}
          >
            {t('desk.detail.save')}
          </button>
        </>
      }
    >
      <div className="desk-form">
        <OrderFields existing values={draft.value} change={draft.change} />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}

/** Those of `names` whose value is another one. */
function changed<Values extends object, Name extends keyof Values>(
  before: Values,
  after: Values,
  names: Name[],
): Partial<Pick<Values, Name>> {
  const part: Partial<Pick<Values, Name>> = {};
  for (const name of names) if (before[name] !== after[name]) part[name] = after[name];
  return part;
}
