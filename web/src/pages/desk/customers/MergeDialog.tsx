/** Two entries of one customer become one: numbers, calls and orders of the duplicate move over. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type CustomerLine, type CustomerRecord } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { Refusal } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { CustomerPicker } from './CustomerPicker.tsx';

export function MergeDialog({ keep, onClose }: { keep: CustomerRecord; onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const [duplicate, setDuplicate] = useState<CustomerLine | null>(null);
  const { busy, problem, send } = useSend(() => readAgain('customer'));
  const merge = async (): Promise<void> => {
    if (duplicate === null) return;
    const body = { duplicate_id: duplicate.id, version: keep.version };
    if (!(await send(() => deskApi.mergeCustomers(keep.id, body)))) return;
    readAgain('customer', 'work_order');
    showToast('info', t('desk.customers.merged'));
    onClose();
  };
  return (
    <Dialog
      open
      title={`${t('desk.customers.merge')} · ${keep.name}`}
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button button--danger"
          disabled={duplicate === null || busy}
          data-pending={busy}
          data-testid="merge-send"
          onClick={() => void merge()}
        >
          {t('desk.customers.merge')}
        </button>
      }
    >
      <div className="desk-stack desk-merge">
        <p className="quiet">{t('desk.customers.mergeHelp')}</p>
        <CustomerPicker
          id={duplicate?.id ?? null}
          name={duplicate?.name ?? ''}
          label={t('desk.field.duplicate_id')}
          onChange={setDuplicate}
        />
        {duplicate && (
          <p>
            <strong>
              {t('desk.customers.mergeConfirm', { name: duplicate.name, number: duplicate.customer_number || '–' })}
            </strong>
          </p>
        )}
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}
