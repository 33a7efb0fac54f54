/** Outage mode: an incident and its bulletin, into which the open orders of the area are merged. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { deskApi } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { serverNow } from '../../../time/clock.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { CategoryField, ChoiceField, InstantField, Refusal, TextField, useAreaChoices } from '../form.tsx';
import { useSend } from '../useSend.ts';

interface Values {
  title: string;
  area: string;
  category: string;
  starts_at: number | null;
  ends_at: number | null;
  estates: string;
  text: string;
  spokenZh: string;
  spokenEn: string;
  key: string;
}

const HOUR = 3600;

export function OutageDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const areas = useAreaChoices();
  const readAgain = useReadAgain();
  const [fresh] = useState<Values>(() => {
    const now = Math.floor(serverNow() / 60) * 60;
    const key = Math.random().toString(36).slice(2);
    return {
      title: '',
      area: '',
      category: '',
      starts_at: now,
      ends_at: now + 4 * HOUR,
      estates: '',
      text: '',
      spokenZh: '',
      spokenEn: '',
      key,
    };
  });
  const { value, change: changeDraft, discard } = useDraft<Values>('outage', fresh);
  const change = (part: Partial<Values>): void => changeDraft({ key: value.key, ...part });
  const { busy, problem, send } = useSend();
  const declare = async (): Promise<void> => {
    const done = await send(async () => {
      const { incident, merged } = await deskApi.declareOutage({
        title: value.title.trim(),
        area: value.area,
        category: value.category,
        starts_at: value.starts_at ?? 0,
        ends_at: value.ends_at ?? 0,
        estates: lines(value.estates),
        text: value.text.trim(),
        spoken: spoken(value.spokenZh, value.spokenEn),
        key: value.key,
      });
      discard();
      showToast('info', t('desk.bulletins.declared', { number: incident.number, count: merged }));
      void navigate(`/desk/orders/${incident.id}`);
    });
    if (done) readAgain('work_order', 'bulletin');
  };
  return (
    <Dialog
      wide
      open
      title={t('desk.bulletins.declare')}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className="button button--danger"
            data-pending={busy}
            disabled={busy}
            data-testid="outage-declare"
            onClick={() => void declare()}
          >
            {t('desk.bulletins.declare')}
          </button>
        </>
      }
    >
      <div className="desk-form">
        <p className="quiet desk-field--wide">{t('desk.bulletins.declareHelp')}</p>
        <TextField
          wide
          needed
          label={t('desk.field.title')}
          value={value.title}
          testId="outage-title"
          onChange={(title) => change({ title })}
        />
        <ChoiceField
          needed
          label={t('desk.field.area')}
          value={value.area}
          empty={t('desk.form.choose')}
          choices={areas}
          testId="outage-area"
          onChange={(area) => change({ area })}
        />
        <CategoryField
          needed
          label={t('desk.field.category')}
          value={value.category}
          empty={t('desk.form.choose')}
          testId="outage-category"
          onChange={(category) => change({ category })}
        />
        <InstantField
          needed
          label={t('desk.field.starts_at')}
          value={value.starts_at}
          onChange={(starts_at) => change({ starts_at })}
        />
        <InstantField
          needed
          label={t('desk.field.ends_at')}
          value={value.ends_at}
          onChange={(ends_at) => change({ ends_at })}
        />
        <TextField
          rows={3}
          label={t('desk.field.estates')}
          value={value.estates}
          onChange={(estates) => change({ estates })}
        />
        <TextField rows={3} label={t('desk.field.text')} value={value.text} onChange={(text) => change({ text })} />
        <TextField
          rows={2}
          label={t('desk.bulletins.spokenZh')}
          value={value.spokenZh}
          onChange={(spokenZh) => change({ spokenZh })}
        />
        <TextField
          rows={2}
          label={t('desk.bulletins.spokenEn')}
          value={value.spokenEn}
          onChange={(spokenEn) => change({ spokenEn })}
        />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}

/** One item per line, without empty ones. Pure. */
export const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Only languages in which something is said. Pure. */
export function spoken(zh: string, en: string): { 'zh-CN'?: string; en?: string } {
  return { ...(zh.trim() !== '' && { 'zh-CN': zh.trim() }), ...(en.trim() !== '' && { en: en.trim() }) };
}
