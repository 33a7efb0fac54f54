/** All of one customer: who and where, numbers, tags, and the history of calls and orders. */

import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CustomerRecord, HistoryEntry, OrderState } from '../../../api/desk.ts';
import { useCustomer, useHistory } from '../../../api/deskQueries.ts';
import { inCentre, mayDispatch, useSession } from '../../../api/session.ts';
import { useCodeWord } from '../../../i18n/words.ts';
import { serverNow } from '../../../time/clock.ts';
import { dateTime, shortInstant } from '../../../time/format.ts';
import {
  EditFilled,
  FileTextOutlined,
  MergeOutlined,
  MessageOutlined,
  PhoneFilled,
  PlusOutlined,
  ProfileOutlined,
  SoundOutlined,
} from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { StateBadge } from '../orders/look.tsx';
import { useDeskWord } from '../words.ts';
import { Fact } from '../orders/OrderPage.tsx';
import { CustomerDialog } from './CustomerDialog.tsx';
import { Tags } from './CustomersPage.tsx';
import { MergeDialog } from './MergeDialog.tsx';

export function CustomerCard({ id }: { id: number }) {
  const { data, error, isPending, refetch } = useCustomer(id);
  if (isPending) return <LoadingState />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Card customer={data} />;
}

function Card({ customer }: { customer: CustomerRecord }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState(false);
  const consent =
    customer.consent === null
      ? t('desk.customers.consentUnknown')
      : t(customer.consent ? 'desk.form.yes' : 'desk.form.no');
  const merged = customer.merged_into !== null;
  return (
    <div className="desk-stack" data-testid="customer-card">
      <section className="panel">
        <header className="desk-order__head">
          <div>
            <h2>{customer.name}</h2>
            <p className="desk-order__line">
              <Tags tags={customer.tags} />
            </p>
          </div>
          {!merged && (
            <div className="desk-order__tools">
              <Link className="button button--primary" to={`/desk/orders/new?customer=${customer.id}`}>
                <PlusOutlined /> {t('desk.customers.newOrder')}
              </Link>
              <button type="button" className="button" data-testid="customer-edit" onClick={() => setEditing(true)}>
                <EditFilled /> {t('desk.customers.edit')}
              </button>
              {mayDispatch(user.role) && (
                <button type="button" className="button" data-testid="customer-merge" onClick={() => setMerging(true)}>
                  <MergeOutlined /> {t('desk.customers.merge')}
                </button>
              )}
            </div>
          )}
        </header>
        {merged && (
          <p className="desk-part desk-due" data-tone="ringing">
            {t('desk.customers.mergedInto')}{' '}
            <Link to={`/desk/customers/${customer.merged_into ?? ''}`}>{t('desk.customers.openIt')}</Link>
          </p>
        )}
        <dl className="desk-facts">
          <Fact label={t('desk.field.customer_number')}>{customer.customer_number || '–'}</Fact>
          <Fact label={t('desk.field.meter_number')}>{customer.meter_number || '–'}</Fact>
          <Fact label={t('desk.field.consent')}>{consent}</Fact>
          <Fact label={t('desk.field.numbers')}>
            {customer.numbers.length === 0 && '–'}
            {customer.numbers.map((number) => (
              <span key={number} className="desk-line">
                <PhoneNumber number={number} />
              </span>
            ))}
          </Fact>
          <Fact wide label={t('desk.field.address')}>
            {customer.address || '–'}
          </Fact>
          {customer.notes !== '' && (
            <Fact wide label={t('desk.field.notes')}>
              <span className="desk-text">{customer.notes}</span>
            </Fact>
          )}
        </dl>
      </section>
      <History id={customer.id} />
      {editing && <CustomerDialog customer={customer} onClose={() => setEditing(false)} />}
      {merging && <MergeDialog keep={customer} onClose={() => setMerging(false)} />}
    </div>
  );
}

function History({ id }: { id: number }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useHistory(id);
  return (
    <section className="panel" aria-label={t('desk.customers.history')}>
      <h3 className="panel__title">{t('desk.customers.history')}</h3>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState text={t('desk.customers.noHistory')} />}
      <ul className="desk-rows desk-part" data-testid="customer-history">
        {data?.map((entry) => (
          <li key={`${entry.kind}:${entry.id}`}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const LEFT_ICONS = {
  voicemail: SoundOutlined,
  callback: PhoneFilled,
  fax: FileTextOutlined,
  message: MessageOutlined,
  notice: MessageOutlined,
} as const;
const LISTED_AT = { voicemail: 'voicemails', callback: 'callbacks', fax: 'faxes' } as const;

/** What the customer left or was sent; who answers for it finds it in its list. */
function Left({ entry, time }: { entry: HistoryEntry; time: ReactNode }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const { user } = useSession();
  const kind = entry.kind as keyof typeof LEFT_ICONS;
  const Icon = kind in LEFT_ICONS ? LEFT_ICONS[kind] : MessageOutlined;
  const name = t(`desk.history.${kind}`, { defaultValue: entry.kind });
  const about =
    kind === 'fax' || kind === 'notice'
      ? t(`desk.history.${kind}s.${entry.title}` as 'desk.history.faxs.sent', { defaultValue: entry.title })
      : entry.title;
  const title = [name, about].filter(Boolean).join(' · ');
  const list = kind in LISTED_AT ? LISTED_AT[kind as keyof typeof LISTED_AT] : null;
  return (
    <>
      <span>
        <Icon /> {list !== null && inCentre(user.role) ? <Link to={`/callers/${list}`}>{title}</Link> : title}
      </span>
      <span className="desk-card__line">
        <span className="quiet">{word('leftState', entry.state)}</span>
        {time}
      </span>
    </>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const { user } = useSession();
  const time = (
    <time className="quiet" title={dateTime(entry.at)}>
      {shortInstant(entry.at, serverNow())}
    </time>
  );
  if (entry.kind === 'order') {
    return (
      <>
        <span>
          <ProfileOutlined /> <Link to={`/desk/orders/${entry.id}`}>{entry.title}</Link>
        </span>
        <span className="desk-card__line">
          <StateBadge state={entry.state as OrderState} />
          {time}
        </span>
      </>
    );
  }
  if (entry.kind !== 'call') return <Left entry={entry} time={time} />;
  const title = `${t('desk.customers.call')}${entry.state ? ` · ${codeWord('outcome', entry.state)}` : ''}`;
  return (
    <>
      <span>
        <PhoneFilled />{' '}
        {inCentre(user.role) ? <Link to={`/records/${encodeURIComponent(entry.id)}`}>{title}</Link> : title}
      </span>
      <span className="desk-card__line">
        {entry.recordings.length > 0 && <SoundOutlined />}
        {time}
      </span>
    </>
  );
}
