/** Follow-up (回访): who is to be asked, ring them with one click, and what they said. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { deskApi, type OrderAction, type OrderDetails } from '../../../api/desk.ts';
import { useCustomer, useOrder, useOrders, useReadAgain } from '../../../api/deskQueries.ts';
import { asProblem } from '../../../api/problem.ts';
import { maySupervise, useSession } from '../../../api/session.ts';
import { PhoneFilled, WarningFilled } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { ChoiceField, Refusal, TextField } from '../form.tsx';
import { ACTION_FORMS } from '../orders/actions.ts';
import { Deadline, OrderMarks } from '../orders/look.tsx';
import { Fact } from '../orders/OrderPage.tsx';
import { NO_SCORES, type Scores, ScoresField } from '../orders/ScoresField.tsx';
import { useSend } from '../useSend.ts';
import { useDeskNames, useDeskWord } from '../words.ts';

export function FollowUpPage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const { data, error, isPending, refetch } = useOrders({
    state: 'to_follow_up',
    order_by: 'due',
    page: 1,
    page_size: 100,
  });
  return (
    <div className="desk-columns desk-columns--wide-side">
      <section className="panel desk-scroll" aria-label={t('desk.follow.list')}>
        <h2 className="panel__title">
          {t('desk.follow.list')} <span className="quiet">{data?.total}</span>
        </h2>
        {isPending && <LoadingState />}
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && <EmptyState text={t('desk.follow.none')} />}
        <ul className="desk-cards">
          {data?.items.map((row) => (
            <li key={row.id} className="desk-card" aria-current={String(row.id) === id ? 'true' : undefined}>
              <Link className="desk-card__what" to={`/desk/follow-up/${row.id}`} data-testid={`follow-${row.number}`}>
                <strong>{row.title}</strong>
                <span className="desk-card__line">
                  <Deadline dueAt={row.next_due_at} /> <OrderMarks order={row} />
                </span>
                <small className="quiet">
                  {[row.number, row.contact_name, row.address].filter(Boolean).join(' · ')}
                </small>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel desk-scroll" aria-label={t('desk.follow.title')}>
        {id === undefined ? <EmptyState text={t('desk.follow.choose')} /> : <One key={id} id={Number(id)} />}
      </section>
    </div>
  );
}

function One({ id }: { id: number }) {
  const { data: order, error, isPending, refetch } = useOrder(id);
  if (isPending) return <LoadingState />;
  if (!order) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <FollowUp order={order} />;
}

interface Values {
  scores: Scores;
  text: string;
  reason: string;
  /** The call in which the customer is asked. */
  call_id: string;
}

function FollowUp({ order }: { order: OrderDetails }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const names = useDeskNames();
  const navigate = useNavigate();
  const { agent, user } = useSession();
  const readAgain = useReadAgain();
  const [version, setVersion] = useState(order.version);
  const { value, change, discard } = useDraft<Values>(`follow:${order.id}:${order.round}`, {
    scores: NO_SCORES,
    text: '',
    reason: '',
    call_id: '',
  });
  const { busy, problem, send } = useSend((error) => {
    const refused = asProblem(error);
    if (refused.errorId === 'stale_version') setVersion(Number(refused.params.version));
    if (refused.status === 409) readAgain('work_order');
  });
  const [missing, setMissing] = useState('');
  const calling = useSend();
  const open = order.state === 'to_follow_up';

  const ring = async (): Promise<void> => {
    const done = await calling.send(async () => {
      const { call_id } = await deskApi.callContact(order.id);
      change({ call_id });
    });
    if (done) showToast('info', t('desk.detail.calling'));
  };

  const answer = async (action: OrderAction): Promise<void> => {
    if (ACTION_FORMS[action]?.needed.includes('reason') && value.reason === '') {
      setMissing(t('desk.form.needText', { field: t('desk.field.reason') }));
      return;
    }
    setMissing('');
    const asked = action === 'confirm' || action === 'redo' || action === 'close_unsatisfied';
    const done = await send(() =>
      deskApi.act(order.id, {
        action,
        version,
        text: value.text.trim(),
        call_id: value.call_id,
        ...(action !== 'confirm' && action !== 'miss' && { reason: value.reason }),
        ...(asked && { detail: value.scores }),
      }),
    );
    if (!done) return;
    discard();
    readAgain('work_order');
    showToast('info', t('desk.detail.done', { action: word('action', action) }));
    if (action !== 'miss') void navigate('/desk/follow-up');
  };

  const result = order.result as { text?: string; cause?: string };
  const may = (action: OrderAction): boolean => open && order.allowed.includes(action);
  return (
    <>
      <h2 className="panel__title">
        <span>
          {order.title} · <Link to={`/desk/orders/${order.id}`}>{order.number}</Link>
        </span>
        <OrderMarks order={order} />
      </h2>
      <dl className="desk-facts">
        <Fact label={t('desk.field.contact_name')}>{order.contact_name || '–'}</Fact>
        <Fact label={t('desk.field.contact_number')}>
          {order.contact_number ? <PhoneNumber number={order.contact_number} /> : '–'}
        </Fact>
        <Fact label={t('desk.field.unit')}>{names.unit(order.unit) || '–'}</Fact>
        <Fact wide label={t('desk.follow.what')}>
          {order.text || order.title}
          {order.wanted && ` · ${order.wanted}`}
        </Fact>
        <Fact wide label={t('desk.follow.how')}>
          {[result.cause, result.text].filter(Boolean).join(' · ') || '–'}
        </Fact>
      </dl>
      {order.customer && <Consent id={order.customer.id} />}
      <div className="desk-part desk-form">
        <div className="desk-actions desk-field--wide">
          {agent && order.contact_number !== '' && (
            <button
              type="button"
              className="button button--large"
              data-pending={calling.busy}
              disabled={calling.busy || !open}
              data-testid="follow-call"
              onClick={() => void ring()}
            >
              <PhoneFilled /> {t('desk.detail.callContact')}
            </button>
          )}
          {order.misses > 0 && (
            <span className="desk-mark" data-tone="break" data-testid="follow-misses">
              {t('desk.follow.attempts', { count: order.misses })}
            </span>
          )}
        </div>
        <Refusal text={calling.problem} />
        <ScoresField value={value.scores} onChange={(scores) => change({ scores })} />
        <TextField
          wide
          rows={3}
          label={t('desk.follow.words')}
          value={value.text}
          testId="follow-text"
          onChange={(text) => change({ text })}
        />
        <ChoiceField
          label={`${t('desk.action.redo')} · ${t('desk.field.reason')}`}
          value={value.reason}
          empty={t('desk.form.choose')}
          choices={[...(ACTION_FORMS.redo?.reasons ?? []), ...(ACTION_FORMS.close_unsatisfied?.reasons ?? [])].map(
            (code) => ({ value: code, label: word('reason', code) }),
          )}
          testId="follow-reason"
          onChange={(reason) => change({ reason })}
        />
        <Refusal text={missing || problem} />
        <div className="desk-actions desk-field--wide">
          {may('confirm') && (
            <button
              type="button"
              className="button button--primary"
              disabled={busy}
              data-testid="follow-confirm"
              onClick={() => void answer('confirm')}
            >
              {t('desk.follow.satisfied')}
            </button>
          )}
          {may('redo') && (
            <button
              type="button"
              className="button button--outline-danger"
              disabled={busy}
              data-testid="follow-redo"
              onClick={() => void answer('redo')}
            >
              {t('desk.follow.unsatisfied')}
            </button>
          )}
          {may('miss') && (
            <button
              type="button"
              className="button"
              disabled={busy}
              data-testid="follow-miss"
              onClick={() => void answer('miss')}
            >
              {t('desk.follow.notReached')}
            </button>
          )}
          {may('close_unreached') && order.misses > 0 && (
            <button type="button" className="button" disabled={busy} onClick={() => void answer('close_unreached')}>
              {t('desk.action.close_unreached')}
            </button>
          )}
          {may('close_unsatisfied') && maySupervise(user.role) && (
            <button type="button" className="button" disabled={busy} onClick={() => void answer('close_unsatisfied')}>
              {t('desk.action.close_unsatisfied')}
            </button>
          )}
        </div>
      </div>
    </>
  );
}

/** Said before anybody dials. */
function Consent({ id }: { id: number }) {
  const { t } = useTranslation();
  const { data } = useCustomer(id);
  if (data?.consent !== false) return null;
  return (
    <p className="desk-part desk-due" data-tone="danger" role="alert">
      <WarningFilled /> {t('desk.follow.consentNo')}
    </p>
  );
}
