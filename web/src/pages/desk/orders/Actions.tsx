/** What the person may do with an order now: the next step stands out, rare steps are behind "more". */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type OrderAction, type OrderDetails } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { showToast } from '../../../ui/toasts.ts';
import { Refusal } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { useDeskWord } from '../words.ts';
import { ACTION_FORMS, arranged } from './actions.ts';
import { ActionDialog } from './ActionDialog.tsx';

interface Props {
  order: OrderDetails;
  callId?: string;
  /** On a phone: large buttons, one below the other. */
  large?: boolean;
}

export function Actions({ order, callId = '', large = false }: Props) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const readAgain = useReadAgain();
  const [asking, setAsking] = useState<OrderAction | null>(null);
  const { busy, problem, send } = useSend(() => readAgain('work_order'));
  const { main, often, rest } = arranged(order.allowed, order.extension_asked);

  const start = async (action: OrderAction): Promise<void> => {
    if (ACTION_FORMS[action]) {
      setAsking(action);
      return;
    }
    const done = await send(() => deskApi.act(order.id, { action, version: order.version, call_id: callId }));
    if (!done) return;
    readAgain('work_order', 'notice');
    showToast('info', t('desk.detail.done', { action: word('action', action) }));
  };

  const button = (action: OrderAction, look: string) => (
    <button
      key={action}
      type="button"
      className={`button ${large ? 'button--large ' : ''}${look}`}
      data-testid={`action-${action}`}
      data-pending={busy}
      disabled={busy}
      onClick={() => void start(action)}
    >
      {word('action', action)}
    </button>
  );

  if (main === null && often.length === 0 && rest.length === 0) {
    return <p className="quiet desk-actions__none">{t('desk.detail.noActions')}</p>;
  }
  return (
    <>
      <div className={large ? 'desk-actions desk-actions--large' : 'desk-actions'}>
        {main && button(main, 'button--primary')}
        {often.map((action) => button(action, ''))}
      </div>
      {rest.length > 0 && (
        <details className="desk-actions__rest">
          <summary>{t('desk.detail.moreActions')}</summary>
          <div className="desk-actions">
            {rest.map((action) => button(action, action === 'cancel' ? 'button--outline-danger' : ''))}
          </div>
        </details>
      )}
      <Refusal text={problem} />
      {asking && (
        <ActionDialog
          key={`${order.id}:${asking}`}
          order={order}
          action={asking}
          callId={callId}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
