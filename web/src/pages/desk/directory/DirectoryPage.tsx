/** Staff and units: found by name or number, rung with one click, sent a line. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi } from '../../../api/desk.ts';
import { useStaff } from '../../../api/deskQueries.ts';
import { useSession } from '../../../api/session.ts';
import { CheckCircleFilled, MessageOutlined, MinusCircleOutlined, PhoneFilled } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useRested } from '../customers/CustomerPicker.tsx';
import { Refusal, SearchBox, useUnitChoices } from '../form.tsx';
import { MessageDialog } from '../messages/MessageDialog.tsx';
import { useSend } from '../useSend.ts';
import { useDeskNames } from '../words.ts';
import { useAddress, withParameter } from '../../../ui/useAddress.ts';

export function DirectoryPage() {
  const { t } = useTranslation();
  const names = useDeskNames();
  const units = useUnitChoices();
  const [search, setSearch] = useAddress();
  const words = search.get('words') ?? '';
  const unit = search.get('unit') ?? '';
  const { data, error, isPending, refetch } = useStaff(useRested(words), unit);
  const [writing, setWriting] = useState<number | null>(null);
  const set = (name: string, value: string): void => setSearch(withParameter(name, value));
  return (
    <section className="panel desk-list" aria-label={t('desk.nav.directory')}>
      <div className="desk-bar">
        <SearchBox
          label={t('desk.directory.search')}
          value={words}
          testId="directory-search"
          onChange={(value) => set('words', value)}
        />
        <select
          className="field desk-select"
          aria-label={t('desk.directory.unit')}
          value={unit}
          onChange={(event) => set('unit', event.target.value)}
        >
          <option value="">{t('desk.directory.allUnits')}</option>
          {units.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('desk.nav.directory')}>
        <table className="table" data-testid="directory">
          <thead>
            <tr>
              <th>{t('desk.field.name')}</th>
              <th>{t('desk.directory.unit')}</th>
              <th>{t('desk.directory.onDuty')}</th>
              <th>{t('desk.directory.phone')}</th>
              <th>{t('desk.directory.mobile')}</th>
              <th className="table__actions">{t('desk.directory.message')}</th>
            </tr>
          </thead>
          <tbody>
            {data?.map((person) => (
              <tr key={person.id}>
                <td>
                  {person.name}
                  <small>{person.title}</small>
                </td>
                <td>{names.unit(person.unit_id) || '–'}</td>
                <td>
                  <span className="desk-due" data-tone={person.on_duty ? 'ready' : 'neutral'}>
                    {person.on_duty ? <CheckCircleFilled /> : <MinusCircleOutlined />}{' '}
                    {t(person.on_duty ? 'desk.directory.onDuty' : 'desk.directory.offDuty')}
                  </span>
                </td>
                <td>
                  <Dial number={person.phone} />
                </td>
                <td>
                  <Dial number={person.mobile} />
                </td>
                <td className="table__actions">
                  {person.user_id !== null && (
                    <button
                      type="button"
                      className="button button--small"
                      aria-label={`${t('desk.directory.message')} ${person.name}`}
                      onClick={() => setWriting(person.user_id)}
                    >
                      <MessageOutlined />
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {isPending && <LoadingState />}
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data?.length === 0 && <EmptyState text={t('desk.directory.none')} />}
      </div>
      {writing !== null && <MessageDialog userId={writing} onClose={() => setWriting(null)} />}
    </section>
  );
}

/** For agents a button that rings; for others the number alone. */
function Dial({ number }: { number: string }) {
  const { t } = useTranslation();
  const { agent } = useSession();
  const { busy, problem, send } = useSend();
  if (number === '') return '–';
  if (!agent) return <PhoneNumber number={number} />;
  const dial = async (): Promise<void> => {
    if (await send(() => deskApi.dial(number))) showToast('info', t('desk.directory.dialling'));
  };
  return (
    <>
      <button
        type="button"
        className="button button--small"
        aria-label={t('desk.directory.dial', { number })}
        data-pending={busy}
        disabled={busy}
        onClick={() => void dial()}
      >
        <PhoneFilled /> <PhoneNumber number={number} />
      </button>
      <Refusal text={problem} />
    </>
  );
}
