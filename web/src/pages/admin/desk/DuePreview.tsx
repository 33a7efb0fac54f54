/** By when an order would have to be done, by the rules and the calendar in force: for whoever sets them. */

import dayjs from 'dayjs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskSettings, type DeskReference } from '../../../api/deskSettings.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { serverNow } from '../../../time/clock.ts';
import { dateTime } from '../../../time/format.ts';
import { inCentre, meantInCentre } from '../../../time/zone.ts';
import { ErrorState } from '../../../ui/ListState.tsx';
import { Choice, URGENCIES } from './RulesForm.tsx';

export function DuePreview({ setup }: { setup: DeskReference }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const [asked, setAsked] = useState({ category: '', urgency: 'normal', area: '' });
  const [at, setAt] = useState(() => inCentre(serverNow()).format('YYYY-MM-DDTHH:mm'));
  const instant = at === '' ? NaN : meantInCentre(dayjs(at)).unix();
  const { data, error, refetch } = useQuery({
    queryKey: ['config', 'due', setup.rules_version, asked, instant],
    queryFn: () => deskSettings.preview({ ...asked, at: instant }),
    enabled: Number.isFinite(instant),
  });
  const every = { value: '', name: t('desk.settings.every') };
  return (
    <fieldset className="form__group" data-testid="due-preview">
      <legend className="field-label">{t('desk.settings.preview')}</legend>
      <small className="form__hint">{t('desk.settings.previewHint')}</small>
      <div className="form__row">
        <input
          className="field"
          type="datetime-local"
          aria-label={t('desk.settings.acceptedAt')}
          data-testid="preview-at"
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
        <Choice
          label={t('desk.field.category')}
          value={asked.category}
          choices={[every, ...setup.categories.map(({ id, name }) => ({ value: id, name: localized(name, id) }))]}
          onChange={(category) => setAsked({ ...asked, category })}
        />
        <Choice
          label={t('desk.field.urgency')}
          value={asked.urgency}
          choices={URGENCIES.map((value) => ({ value, name: t(`desk.urgency.${value}`) }))}
          onChange={(urgency) => setAsked({ ...asked, urgency })}
        />
        <Choice
          label={t('desk.field.area')}
          value={asked.area}
          choices={[every, ...setup.areas.map(({ id, name }) => ({ value: id, name: localized(name, id) }))]}
          onChange={(area) => setAsked({ ...asked, area })}
        />
      </div>
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      <ul className="admin__due">
        {data?.map(({ stage, rule, due_at }) => (
          <li key={stage}>
            <strong>{t(`desk.stage.${stage}`)}</strong> <span data-testid={`preview-${stage}`}>{dateTime(due_at)}</span>{' '}
            <span className="quiet">
              {rule.amount} {t(`desk.settings.units.${rule.unit}`)}
              {rule.starting === 'next_working_day' && ` · ${t('desk.settings.startings.next_working_day')}`}
            </span>
          </li>
        ))}
      </ul>
      {data?.length === 0 && <p className="quiet">{t('desk.clock.none')}</p>}
    </fieldset>
  );
}
