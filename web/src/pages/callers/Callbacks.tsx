/** Who is to be rung back: the open ones first; new ones for oneself or a queue. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import dayjs from 'dayjs';
import { type CallbackRow, callersApi, useCallbacks } from '../../api/callers.ts';
import { useReference } from '../../api/queries.ts';
import { maySupervise, useSession } from '../../api/session.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { dateTime } from '../../time/format.ts';
import { meantInCentre } from '../../time/zone.ts';
import { Caller, Listing } from './Listing.tsx';
import { useAct } from './useAct.ts';

const STATUSES = ['open', 'done', 'failed', 'expired', 'cancelled'] as const;
const TONES = { open: 'ringing', done: 'ready', failed: 'danger', expired: 'danger', cancelled: 'training' } as const;

export function Callbacks() {
  const { t } = useTranslation();
  const { agent } = useSession();
  const [status, setStatus] = useState<(typeof STATUSES)[number] | ''>('open');
  const [mine, setMine] = useState(false);
  const [page, setPage] = useState(1);
  const act = useAct('callback');
  const found = useCallbacks({ page, status, ...(mine && { mine }) });
  return (
    <>
      <NewCallback act={act} />
      <div className="callers__filters" role="search">
        <select
          className="field"
          aria-label={t('callers.state')}
          value={status}
          onChange={(event) => {
            setStatus(STATUSES.find((one) => one === event.target.value) ?? '');
            setPage(1);
          }}
        >
          <option value="">{`${t('callers.state')}: ${t('common.all')}`}</option>
          {STATUSES.map((one) => (
            <option key={one} value={one}>
              {t(`callers.status.${one}`)}
            </option>
          ))}
        </select>
        {agent !== null && (
          <button
            type="button"
            className="button button--small"
            aria-pressed={mine}
            onClick={() => {
              setMine(!mine);
              setPage(1);
            }}
          >
            {t('callers.mine')}
          </button>
        )}
      </div>
      <Listing
        label={t('callers.lists.callbacks')}
        query={found}
        columns={[
          t('callers.state'),
          t('callers.waitsSince'),
          t('callers.dueAt'),
          t('callers.number'),
          t('callers.who'),
          t('callers.attempts'),
          t('callers.note'),
          t('callers.acts'),
        ]}
        row={(row) => <Request key={row.id} row={row} act={act} />}
        onPage={setPage}
      />
    </>
  );
}

type Act = (work: () => Promise<unknown>) => Promise<boolean>;

function Request({ row, act }: { row: CallbackRow; act: Act }) {
  const { t } = useTranslation();
  const { user, agent } = useSession();
  const localized = useLocalized();
  const codeWord = useCodeWord();
  const queues = useReference()?.queues;
  const queue = queues?.find(({ id }) => id === row.queue_id);
  const mayEnd = row.status === 'open' && (maySupervise(user.role) || row.agent?.id === agent?.id);
  const notBefore = Math.max(row.due_at ?? 0, row.next_at ?? 0);
  return (
    <tr data-testid={`callback-${row.id}`}>
      <td>
        <span className="badge" data-tone={TONES[row.status]}>
          {t(`callers.status.${row.status}`)}
        </span>
      </td>
      <td>{dateTime(row.waiting_since)}</td>
      <td>{notBefore > 0 ? dateTime(notBefore) : t('callers.atOnce')}</td>
      <Caller number={row.number} name={row.customer?.name} />
      <td>{row.agent?.name ?? localized(queue?.name, row.queue_id)}</td>
      <td>
        {row.attempts}
        {row.outcome !== '' && <small>{codeWord('callbackOutcome', row.outcome)}</small>}
      </td>
      <td>{row.note}</td>
      <td className="callers__acts">
        {mayEnd &&
          (['done', 'cancelled'] as const).map((end) => (
            <button
              key={end}
              type="button"
              className="button button--small"
              onClick={() => void act(() => callersApi.endCallback(row.id, end))}
            >
              {t(`callers.end.${end}`)}
            </button>
          ))}
      </td>
    </tr>
  );
}

function NewCallback({ act }: { act: Act }) {
  const { t } = useTranslation();
  const { agent } = useSession();
  const localized = useLocalized();
  const queues = useReference()?.queues ?? [];
  const [number, setNumber] = useState('');
  const [queue, setQueue] = useState('');
  const [due, setDue] = useState('');
  const [note, setNote] = useState('');
  const forWhom = queue !== '' || agent !== null ? queue : (queues[0]?.id ?? '');
  const submit = async (): Promise<void> => {
    const due_at = due === '' ? null : meantInCentre(dayjs(due)).unix();
    if (await act(() => callersApi.addCallback({ number, queue_id: forWhom, due_at, note }))) {
      setNumber('');
      setDue('');
      setNote('');
    }
  };
  return (
    <form
      className="callers__filters"
      aria-label={t('callers.newCallback')}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <input
        className="field"
        type="tel"
        required
        maxLength={32}
        aria-label={t('callers.number')}
        placeholder={t('callers.number')}
        data-testid="callback-number"
        value={number}
        onChange={(event) => setNumber(event.target.value)}
      />
      <select
        className="field"
        aria-label={t('callers.who')}
        value={forWhom}
        onChange={(event) => setQueue(event.target.value)}
      >
        {agent !== null && <option value="">{t('callers.myself')}</option>}
        {queues.map(({ id, name }) => (
          <option key={id} value={id}>
            {localized(name, id)}
          </option>
        ))}
      </select>
      <input
        className="field"
        type="datetime-local"
        aria-label={t('callers.dueAt')}
        value={due}
        onChange={(event) => setDue(event.target.value)}
      />
      <input
        className="field callers__note"
        maxLength={200}
        aria-label={t('callers.note')}
        placeholder={t('callers.note')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <button type="submit" className="button button--primary" data-testid="callback-add">
        {t('callers.newCallback')}
      </button>
    </form>
  );
}
