/** Drawing at random, and the score sheets. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi } from '../../../api/desk.ts';
import { useReadAgain, useSheets } from '../../../api/deskQueries.ts';
import { serverNow } from '../../../time/clock.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { ChoiceField, InstantField, Refusal, TextField } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { criteriaFrom } from './marks.ts';

const DAY = 86_400;

export function DrawDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const { data: sheets = [] } = useSheets();
  const [sheet, setSheet] = useState('');
  const [perAgent, setPerAgent] = useState('3');
  const [from, setFrom] = useState<number | null>(() => Math.floor(serverNow() / 60) * 60 - 7 * DAY);
  const [to, setTo] = useState<number | null>(() => Math.floor(serverNow() / 60) * 60);
  const { busy, problem, send } = useSend();
  const draw = async (): Promise<void> => {
    const body = { sheet_id: Number(sheet), from: from ?? 0, to: to ?? 0, per_agent: Number(perAgent) };
    let drawn = 0;
    const done = await send(async () => {
      ({ drawn } = await deskApi.draw(body));
    });
    if (!done) return;
    readAgain('inspection');
    showToast('info', t('desk.inspection.drawn', { count: drawn }));
    onClose();
  };
  return (
    <Dialog
      open
      title={t('desk.inspection.draw')}
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button button--primary"
          disabled={busy || sheet === ''}
          data-pending={busy}
          data-testid="draw-send"
          onClick={() => void draw()}
        >
          {t('desk.inspection.draw')}
        </button>
      }
    >
      <div className="desk-form">
        <p className="quiet desk-field--wide">{t('desk.inspection.drawHelp')}</p>
        <ChoiceField
          needed
          label={t('desk.inspection.sheet')}
          value={sheet}
          empty={t('desk.form.choose')}
          choices={sheets.map(({ id, name, subject }) => ({
            value: String(id),
            label: `${name} · ${t(subject === 'call' ? 'desk.inspection.subject_call' : 'desk.inspection.subject_order')}`,
          }))}
          testId="draw-sheet"
          onChange={setSheet}
        />
        <TextField label={t('desk.inspection.perAgent')} type="number" value={perAgent} onChange={setPerAgent} />
        <InstantField label={t('desk.orders.from')} value={from} onChange={setFrom} />
        <InstantField label={t('desk.orders.to')} value={to} onChange={setTo} />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}

interface SheetValues {
  name: string;
  subject: 'call' | 'order';
  criteria: string;
}

export function SheetDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const { data: sheets = [] } = useSheets();
  const { value, change, discard } = useDraft<SheetValues>('sheet', { name: '', subject: 'call', criteria: '' });
  const { busy, problem, send } = useSend();
  const add = async (): Promise<void> => {
    const body = { name: value.name.trim(), subject: value.subject, criteria: criteriaFrom(value.criteria) };
    if (!(await send(() => deskApi.addSheet(body)))) return;
    discard();
    readAgain('inspection');
    showToast('info', t('desk.inspection.saved'));
  };
  const retire = async (id: number): Promise<void> => {
    if (!(await send(() => deskApi.retireSheet(id)))) return;
    readAgain('inspection');
    showToast('info', t('desk.inspection.retired'));
  };
  return (
    <Dialog
      wide
      open
      title={t('desk.inspection.sheets')}
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button button--primary"
          disabled={busy}
          data-pending={busy}
          data-testid="sheet-save"
          onClick={() => void add()}
        >
          {t('desk.inspection.newSheet')}
        </button>
      }
    >
      <ul className="desk-rows">
        {sheets.map((sheet) => (
          <li key={sheet.id}>
            <span>
              {sheet.name}{' '}
              <span className="quiet">
                {t(sheet.subject === 'call' ? 'desk.inspection.subject_call' : 'desk.inspection.subject_order')} ·{' '}
                {sheet.criteria.length}
              </span>
            </span>
            <button
              type="button"
              className="button button--small"
              disabled={busy}
              aria-label={`${t('desk.inspection.retire')} ${sheet.name}`}
              onClick={() => void retire(sheet.id)}
            >
              {t('desk.inspection.retire')}
            </button>
          </li>
        ))}
      </ul>
      <div className="desk-form desk-form--below">
        <TextField
          needed
          label={t('desk.inspection.name')}
          value={value.name}
          testId="sheet-name"
          onChange={(name) => change({ name })}
        />
        <ChoiceField
          label={t('desk.inspection.subject')}
          value={value.subject}
          choices={(['call', 'order'] as const).map((subject) => ({
            value: subject,
            label: t(`desk.inspection.subject_${subject}`),
          }))}
          onChange={(subject) => change({ subject: subject as SheetValues['subject'] })}
        />
        <TextField
          wide
          needed
          rows={6}
          label={t('desk.inspection.criterion')}
          value={value.criteria}
          testId="sheet-criteria"
          onChange={(criteria) => change({ criteria })}
        />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}
