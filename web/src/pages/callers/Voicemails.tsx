/** Messages: played here, marked as heard, made into work orders; deleted by who supervises. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { callersApi, useBoxes, useVoicemails, type VoicemailRow } from '../../api/callers.ts';
import { maySupervise, useSession } from '../../api/session.ts';
import { useLocalized } from '../../i18n/words.ts';
import { clockDuration, dateTime } from '../../time/format.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Caller, Listing } from './Listing.tsx';
import { useAct } from './useAct.ts';

export function Voicemails() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const boxes = useBoxes().data ?? [];
  const [box, setBox] = useState('');
  const [onlyNew, setOnlyNew] = useState(false);
  const [page, setPage] = useState(1);
  const [deleting, setDeleting] = useState<VoicemailRow | null>(null);
  const act = useAct('voicemail');
  const titleOf = (name: string): string => localized(boxes.find((one) => one.name === name)?.title, name) || name;
  const found = useVoicemails({ page, ...(box !== '' && { box }), ...(onlyNew && { state: 'new' as const }) });
  return (
    <>
      <div className="callers__filters" role="search">
        <select
          className="field"
          aria-label={t('callers.box')}
          value={box}
          onChange={(event) => {
            setBox(event.target.value);
            setPage(1);
          }}
        >
          <option value="">{`${t('callers.box')}: ${t('common.all')}`}</option>
          {boxes.map(({ name }) => (
            <option key={name} value={name}>
              {titleOf(name)}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="button button--small"
          aria-pressed={onlyNew}
          onClick={() => {
            setOnlyNew(!onlyNew);
            setPage(1);
          }}
        >
          {t('callers.onlyNew', { count: found.data?.new ?? 0 })}
        </button>
      </div>
      <Listing
        label={t('callers.lists.voicemails')}
        query={found}
        columns={[
          t('callers.state'),
          t('callers.at'),
          t('callers.box'),
          t('records.caller'),
          t('callers.message'),
          t('callers.listeners'),
          t('callers.acts'),
        ]}
        row={(row) => (
          <Message key={row.id} row={row} box={titleOf(row.box)} act={act} onDelete={() => setDeleting(row)} />
        )}
        onPage={setPage}
      />
      <Dialog
        title={t('callers.delete')}
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        footer={
          <button
            type="button"
            className="button button--danger"
            data-testid="confirm-delete"
            onClick={() => {
              const row = deleting;
              setDeleting(null);
              if (row !== null) void act(() => callersApi.deleteVoicemail(row.id));
            }}
          >
            {t('callers.delete')}
          </button>
        }
      >
        <p>{t('callers.deleteQuestion')}</p>
      </Dialog>
    </>
  );
}

interface MessageProps {
  row: VoicemailRow;
  box: string;
  act: (work: () => Promise<unknown>) => Promise<boolean>;
  onDelete: () => void;
}

function Message({ row, box, act, onDelete }: MessageProps) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [open, setOpen] = useState(false);
  const lost = row.status === 'lost';
  const isNew = row.heard_at === null && !lost;
  return (
    <tr data-testid={`voicemail-${row.id}`} data-new={isNew}>
      <td>
        <span className="badge" data-tone={lost ? 'danger' : isNew ? 'ringing' : 'ready'}>
          {t(lost ? 'callers.lost' : isNew ? 'callers.new' : 'callers.heard')}
        </span>
      </td>
      <td>{dateTime(row.at)}</td>
      <td>{box}</td>
      <Caller number={row.caller_number} name={row.customer?.name} />
      <td>
        {lost && row.reason}
        {!lost &&
          (open ? (
            <audio controls autoPlay src={callersApi.voicemailUrl(row.id)} aria-label={t('callers.message')} />
          ) : (
            <button type="button" className="button button--small" data-testid="play" onClick={() => setOpen(true)}>
              {t('records.play')} {clockDuration(row.duration_ms / 1000)}
            </button>
          ))}
      </td>
      <td title={row.listeners.map(({ name, last_at }) => `${name} ${dateTime(last_at)}`).join('\n')}>
        {row.listeners.map(({ name }) => name).join('、') || '–'}
      </td>
      <td className="callers__acts">
        {!lost && (
          <button
            type="button"
            className="button button--small"
            onClick={() => void act(() => callersApi.setHeard(row.id, isNew))}
          >
            {t(isNew ? 'callers.markHeard' : 'callers.markNew')}
          </button>
        )}
        {row.work_order_id === null ? (
          <button
            type="button"
            className="button button--small"
            onClick={() => void act(() => callersApi.makeOrder(row.id))}
          >
            {t('callers.makeOrder')}
          </button>
        ) : (
          <Link to={`/desk/orders/${row.work_order_id}`}>{t('callers.order')}</Link>
        )}
        {maySupervise(user.role) && (
          <button type="button" className="button button--small" onClick={onDelete}>
            {t('callers.delete')}
          </button>
        )}
      </td>
    </tr>
  );
}
