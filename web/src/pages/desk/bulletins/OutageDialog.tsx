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
import { CategoryField, ChoiceField, Refusal, TextField, useAreaChoices } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { BulletinFields, type Told } from './BulletinFields.tsx';
import { nothingTold, toldBody } from './told.ts';

interface Values extends Told {
  title: string;
  area: string;
  category: string;
  key: string;
}

export function OutageDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const areas = useAreaChoices();
  const readAgain = useReadAgain();
  const [fresh] = useState<Values>(() => ({
    title: '',
    area: '',
    category: '',
    key: Math.random().toString(36).slice(2),
    ...nothingTold(serverNow()),
  }));
  const { value, change: changeDraft, discard } = useDraft<Values>('outage', fresh);
  const change = (part: Partial<Values>): void => changeDraft({ key: value.key, ...part });
  const { busy, problem, send } = useSend();
  const declare = async (): Promise<void> => {
    const done = await send(async () => {
      const { incident, merged } = await deskApi.declareOutage({
        title: value.title.trim(),
        area: value.area,
        category: value.category,
        ...toldBody(value),
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
        <BulletinFields value={value} onChange={change} />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}
