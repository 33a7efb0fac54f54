/** Outages, repairs and notices with areas and times; what is spoken to callers is marked. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deskApi, type BulletinBody, type BulletinRow } from '../../../api/desk.ts';
import { useBulletins, useReadAgain } from '../../../api/deskQueries.ts';
import { asProblem } from '../../../api/problem.ts';
import { mayDispatch, useSession } from '../../../api/session.ts';
import { serverNow } from '../../../time/clock.ts';
import { dateTime } from '../../../time/format.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { NotificationOutlined, PlusOutlined, SoundOutlined, ToolFilled, WarningFilled } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { showToast } from '../../../ui/toasts.ts';
import type { Tone } from '../../../ui/tones.ts';
import { useDraft } from '../drafts.ts';
import { CheckField, ChoiceField, Refusal, TextField, useAreaChoices } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { useDeskNames } from '../words.ts';
import { BulletinFields, type Told } from './BulletinFields.tsx';
import { OutageDialog } from './OutageDialog.tsx';
import { nothingTold, toldBody } from './told.ts';

type Kind = 'outage' | 'repair' | 'notice';
const KINDS: Kind[] = ['outage', 'repair', 'notice'];
const KIND_LOOK = {
  outage: { tone: 'danger', Icon: WarningFilled },
  repair: { tone: 'ringing', Icon: ToolFilled },
  notice: { tone: 'training', Icon: NotificationOutlined },
} as const;

type Standing = 'now' | 'coming' | 'over';
const STANDING_TONE: Record<Standing, Tone> = { now: 'talking', coming: 'break', over: 'neutral' };

/** Pure. */
function standing(bulletin: BulletinRow, now: number): Standing {
  if (bulletin.withdrawn_at !== null || bulletin.ends_at <= now) return 'over';
  return bulletin.starts_at > now ? 'coming' : 'now';
}

export function BulletinsPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [past, setPast] = useState(false);
  const [editing, setEditing] = useState<BulletinRow | 'new' | null>(null);
  const [withdrawing, setWithdrawing] = useState<BulletinRow | null>(null);
  const [declaring, setDeclaring] = useState(false);
  const { data, error, isPending, refetch } = useBulletins(past);
  const edits = mayDispatch(user.role);
  return (
    <section className="desk-list desk-narrow" aria-label={t('desk.bulletins.title')}>
      <div className="desk-bar">
        <CheckField label={t('desk.bulletins.past')} value={past} onChange={setPast} />
        <span className="desk-bar__gap" />
        {edits && (
          <>
            <button type="button" className="button" onClick={() => setDeclaring(true)}>
              <WarningFilled /> {t('desk.bulletins.declare')}
            </button>
            <button
              type="button"
              className="button button--primary"
              data-testid="new-bulletin"
              onClick={() => setEditing('new')}
            >
              <PlusOutlined /> {t('desk.bulletins.new')}
            </button>
          </>
        )}
      </div>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <EmptyState text={t('desk.bulletins.none')} />}
      <ul className="desk-stack">
        {data?.map((bulletin) => (
          <li key={bulletin.id} className="panel">
            <Bulletin bulletin={bulletin}>
              {edits && bulletin.withdrawn_at === null && (
                <>
                  <button type="button" className="button button--small" onClick={() => setEditing(bulletin)}>
                    {t('desk.bulletins.edit')}
                  </button>
                  <button
                    type="button"
                    className="button button--small button--outline-danger"
                    onClick={() => setWithdrawing(bulletin)}
                  >
                    {t('desk.bulletins.withdraw')}
                  </button>
                </>
              )}
            </Bulletin>
          </li>
        ))}
      </ul>
      {editing && (
        <BulletinDialog
          key={editing === 'new' ? 'new' : editing.id}
          bulletin={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      {withdrawing && <Withdraw bulletin={withdrawing} onClose={() => setWithdrawing(null)} />}
      {declaring && <OutageDialog onClose={() => setDeclaring(false)} />}
    </section>
  );
}

function Bulletin({ bulletin, children }: { bulletin: BulletinRow; children: React.ReactNode }) {
  const { t } = useTranslation();
  const names = useDeskNames();
  const { tone, Icon } = KIND_LOOK[bulletin.kind as Kind];
  const state = standing(bulletin, serverNow());
  const where = [...bulletin.areas.map(names.area), ...bulletin.estates];
  return (
    <article className="desk-part desk-bulletin" data-testid={`bulletin-${bulletin.id}`}>
      <p className="desk-card__line">
        <span className="badge" data-tone={tone}>
          <Icon /> {t(`desk.bulletins.${bulletin.kind as Kind}`)}
        </span>
        <span className="desk-mark" data-tone={STANDING_TONE[state]}>
          {bulletin.withdrawn_at !== null ? t('desk.bulletins.withdrawn') : t(`desk.bulletins.${state}`)}
        </span>
        {Object.keys(bulletin.spoken).length > 0 && (
          <span className="desk-mark" data-tone="wrap_up">
            <SoundOutlined /> {t('desk.bulletins.spokenOn')}
          </span>
        )}
        <span className="desk-bar__gap" />
        {children}
      </p>
      <h2>{bulletin.title}</h2>
      <p className="quiet">
        {dateTime(bulletin.starts_at)} – {dateTime(bulletin.ends_at)} ·{' '}
        {where.join('、') || t('desk.bulletins.everywhere')} · {bulletin.changed_by}
      </p>
      {bulletin.text !== '' && <p className="desk-text">{bulletin.text}</p>}
      {Object.values(bulletin.spoken).map((words) => (
        <p key={words} className="quiet">
          <SoundOutlined /> {words}
        </p>
      ))}
      {bulletin.order_id !== null && (
        <p>
          <Link to={`/desk/orders/${bulletin.order_id}`}>{t('desk.bulletins.order')}</Link>
        </p>
      )}
    </article>
  );
}

interface Values extends Told {
  title: string;
  kind: Kind;
  areas: string[];
}

const toldIn = ({ starts_at, ends_at, estates, text, spoken }: BulletinRow): Told => ({
  starts_at,
  ends_at,
  estates: estates.join('\n'),
  text,
  spokenZh: spoken['zh-CN'] ?? '',
  spokenEn: spoken.en ?? '',
});

function BulletinDialog({ bulletin, onClose }: { bulletin: BulletinRow | null; onClose: () => void }) {
  const { t } = useTranslation();
  const areas = useAreaChoices();
  const readAgain = useReadAgain();
  const [version, setVersion] = useState(bulletin?.version ?? 0);
  const [before] = useState<Values>(() => ({
    title: bulletin?.title ?? '',
    kind: (bulletin?.kind as Kind | undefined) ?? 'notice',
    areas: bulletin?.areas ?? [],
    ...(bulletin === null ? nothingTold(serverNow()) : toldIn(bulletin)),
  }));
  const { value, change, discard } = useDraft<Values>(`bulletin:${bulletin?.id ?? 'new'}`, before);
  const { busy, problem, send } = useSend((error) => {
    const refused = asProblem(error);
    if (refused.errorId === 'stale_version') setVersion(Number(refused.params.version));
    readAgain('bulletin');
  });
  const save = async (): Promise<void> => {
    const body: BulletinBody = {
      title: value.title.trim(),
      kind: value.kind,
      areas: value.areas,
      ...toldBody(value),
      order_id: bulletin?.order_id ?? null,
      version,
    };
    if (!(await send(() => deskApi.saveBulletin(bulletin?.id ?? null, body)))) return;
    discard();
    readAgain('bulletin');
    showToast('info', t('desk.bulletins.saved'));
    onClose();
  };
  return (
    <Dialog
      wide
      open
      title={t(bulletin ? 'desk.bulletins.edit' : 'desk.bulletins.new')}
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button button--primary"
          data-pending={busy}
          disabled={busy}
          data-testid="bulletin-save"
          onClick={() => void save()}
        >
          {t('desk.detail.save')}
        </button>
      }
    >
      <div className="desk-form">
        <TextField
          wide
          needed
          label={t('desk.field.title')}
          value={value.title}
          testId="bulletin-title"
          onChange={(title) => change({ title })}
        />
        <ChoiceField
          label={t('desk.field.kind')}
          value={value.kind}
          choices={KINDS.map((kind) => ({ value: kind, label: t(`desk.bulletins.${kind}`) }))}
          onChange={(kind) => change({ kind: kind as Kind })}
        />
        <fieldset className="desk-scores">
          <legend className="field-label">{t('desk.bulletins.areas')}</legend>
          {areas.map(({ value: area, label }) => (
            <CheckField
              key={area}
              label={label}
              value={value.areas.includes(area)}
              onChange={(on) => change({ areas: on ? [...value.areas, area] : value.areas.filter((a) => a !== area) })}
            />
          ))}
        </fieldset>
        <BulletinFields value={value} onChange={change} />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}

function Withdraw({ bulletin, onClose }: { bulletin: BulletinRow; onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const { busy, problem, send } = useSend();
  const withdraw = async (): Promise<void> => {
    if (!(await send(() => deskApi.withdrawBulletin(bulletin.id)))) return;
    readAgain('bulletin');
    showToast('info', t('desk.bulletins.withdrawn'));
    onClose();
  };
  return (
    <Dialog
      open
      title={t('desk.bulletins.withdraw')}
      onClose={onClose}
      footer={
        <button type="button" className="button button--danger" disabled={busy} onClick={() => void withdraw()}>
          {t('desk.bulletins.withdraw')}
        </button>
      }
    >
      <p>{t('desk.bulletins.confirmWithdraw', { title: bulletin.title })}</p>
      <Refusal text={problem} />
    </Dialog>
  );
}
