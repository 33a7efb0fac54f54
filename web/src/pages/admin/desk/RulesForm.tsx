/** Deadlines and escalation: all rules in one form, since they are judged together, and what they mean for an order. */

import { useTranslation } from 'react-i18next';
import {
  type DeadlineRule,
  deskSettings,
  type DeskReference,
  type EscalationRule,
  type Rules,
} from '../../../api/deskSettings.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { DeleteOutlined, PlusOutlined } from '../../../ui/icons.ts';
import { SaveBar } from '../SaveBar.tsx';
import { type Editor, useEditor } from '../useEditor.ts';
import { DuePreview } from './DuePreview.tsx';
import { TimeInput, useWrong } from './fields.tsx';

const STAGES = ['respond', 'arrive', 'finish', 'reply', 'follow_up', 'return'] as const;
const UNITS = ['minutes', 'working_days', 'calendar_days'] as const;
const STARTING = ['now', 'next_working_day'] as const;
export const URGENCIES = ['low', 'normal', 'high', 'critical'] as const;
const AUDIENCE = ['unit', 'dispatcher', 'supervisor'] as const;

export const rulesOf = ({ deadlines, escalations, rules_version }: DeskReference): Rules => ({
  deadlines,
  escalations,
  version: rules_version,
});

export function RulesForm({ setup }: { setup: DeskReference }) {
  const { t } = useTranslation();
  const editor = useEditor(rulesOf(setup));
  return (
    <section className="panel admin__form">
      <form className="form" data-testid="rules-form" onSubmit={(event) => event.preventDefault()}>
        <h2>{t('admin.sections.deadlines')}</h2>
        <p className="form__hint">{t('desk.settings.deadlinesHint')}</p>
        <Deadlines editor={editor} setup={setup} />
        <h3>{t('desk.settings.escalations')}</h3>
        <p className="form__hint">{t('desk.settings.escalationsHint')}</p>
        <Escalations editor={editor} />
        <SaveBar
          editor={editor}
          save={async (wanted) => editor.replace(rulesOf(await deskSettings.putRules(wanted)))}
        />
        <DuePreview setup={setup} />
      </form>
    </section>
  );
}

interface PartProps {
  editor: Editor<Rules>;
}

function Deadlines({ editor, setup }: PartProps & { setup: DeskReference }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const wrong = useWrong();
  const { deadlines } = editor.draft;
  const set = (index: number, patch: Partial<DeadlineRule>): void =>
    editor.change({ deadlines: deadlines.map((rule, at) => (at === index ? { ...rule, ...patch } : rule)) });
  const every = { value: '', name: t('desk.settings.every') };
  const categories = setup.categories.map(({ id, name }) => ({ value: id, name: `${localized(name, id)} · ${id}` }));
  const areas = setup.areas.map(({ id, name }) => ({ value: id, name: localized(name, id) }));
  const urgencies = URGENCIES.map((value) => ({ value, name: t(`desk.urgency.${value}`) }));
  return (
    <>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('admin.sections.deadlines')}>
        <table className="table admin__rules">
          <thead>
            <tr>
              <th>{t('desk.settings.stage')}</th>
              <th>{t('desk.settings.within')}</th>
              <th>{t('desk.settings.starting')}</th>
              <th>{t('desk.field.category')}</th>
              <th>{t('desk.field.urgency')}</th>
              <th>{t('desk.field.area')}</th>
              <th>{t('desk.settings.hours')}</th>
              <th className="table__actions">{t('desk.settings.remove')}</th>
            </tr>
          </thead>
          <tbody>
            {deadlines.map((rule, index) => {
              const name = t('desk.settings.rule', { number: index + 1 });
              const error = wrong(editor.errorAt(`deadlines.${index}`));
              return (
                <tr
                  key={index}
                  data-testid={`deadline-${index}`}
                  data-tone={error === undefined ? undefined : 'danger'}
                >
                  <td>
                    <Choice
                      label={`${name}: ${t('desk.settings.stage')}`}
                      value={rule.stage}
                      choices={STAGES.map((value) => ({ value, name: t(`desk.stage.${value}`) }))}
                      onChange={(stage) => set(index, { stage: stage as DeadlineRule['stage'] })}
                    />
                    {error !== undefined && <small className="form__hint form__hint--error">{error}</small>}
                  </td>
                  <td>
                    <span className="admin__pair">
                      <input
                        className="field form__level"
                        type="number"
                        min={1}
                        step={1}
                        aria-label={`${name}: ${t('desk.settings.within')}`}
                        value={rule.amount}
                        onChange={(event) => set(index, { amount: event.target.valueAsNumber || 1 })}
                      />
                      <Choice
                        label={`${name}: ${t('desk.settings.unit')}`}
                        value={rule.unit}
                        choices={UNITS.map((value) => ({ value, name: t(`desk.settings.units.${value}`) }))}
                        onChange={(unit) => set(index, { unit: unit as DeadlineRule['unit'] })}
                      />
                    </span>
                  </td>
                  <td>
                    <Choice
                      label={`${name}: ${t('desk.settings.starting')}`}
                      value={rule.starting ?? 'now'}
                      choices={STARTING.map((value) => ({ value, name: t(`desk.settings.startings.${value}`) }))}
                      onChange={(starting) => set(index, { starting: starting as 'now' })}
                    />
                  </td>
                  <td>
                    <Choice
                      label={`${name}: ${t('desk.field.category')}`}
                      value={rule.category ?? ''}
                      choices={[every, ...categories]}
                      onChange={(category) => set(index, { category })}
                    />
                  </td>
                  <td>
                    <Choice
                      label={`${name}: ${t('desk.field.urgency')}`}
                      value={rule.urgency ?? ''}
                      choices={[every, ...urgencies]}
                      onChange={(urgency) => set(index, { urgency })}
                    />
                  </td>
                  <td>
                    <Choice
                      label={`${name}: ${t('desk.field.area')}`}
                      value={rule.area ?? ''}
                      choices={[every, ...areas]}
                      onChange={(area) => set(index, { area })}
                    />
                  </td>
                  <td>
                    <span className="admin__pair">
                      <TimeInput
                        label={`${name}: ${t('desk.settings.since')}`}
                        value={rule.since}
                        onChange={(since) => set(index, { since })}
                      />
                      <TimeInput
                        label={`${name}: ${t('desk.settings.until')}`}
                        value={rule.until}
                        onChange={(until) => set(index, { until })}
                      />
                    </span>
                  </td>
                  <td className="table__actions">
                    <Remove
                      name={name}
                      onClick={() => editor.change({ deadlines: deadlines.filter((_, at) => at !== index) })}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <button
        type="button"
        className="button button--small"
        data-testid="add-deadline"
        onClick={() =>
          editor.change({ deadlines: [...deadlines, { stage: 'finish', amount: 5, unit: 'working_days' }] })
        }
      >
        <PlusOutlined /> {t('desk.settings.addDeadline')}
      </button>
    </>
  );
}

function Escalations({ editor }: PartProps) {
  const { t } = useTranslation();
  const { escalations } = editor.draft;
  const set = (index: number, patch: Partial<EscalationRule>): void =>
    editor.change({ escalations: escalations.map((rule, at) => (at === index ? { ...rule, ...patch } : rule)) });
  return (
    <>
      {escalations.map((rule, index) => {
        const name = t('desk.settings.rule', { number: index + 1 });
        return (
          <fieldset key={index} className="admin__escalation" data-testid={`escalation-${index}`}>
            <legend className="visually-hidden">{name}</legend>
            <Choice
              label={`${name}: ${t('desk.settings.stage')}`}
              value={rule.stage ?? ''}
              choices={[
                { value: '', name: t('desk.settings.everyStage') },
                ...STAGES.slice(0, -1).map((value) => ({ value, name: t(`desk.stage.${value}`) })),
              ]}
              onChange={(stage) => set(index, { stage })}
            />
            <span className="form__with-unit">
              <input
                className="field form__level"
                type="number"
                step={1}
                aria-label={`${name}: ${t('desk.settings.minutesAfter')}`}
                value={rule.after_s / 60}
                onChange={(event) => set(index, { after_s: Math.round((event.target.valueAsNumber || 0) * 60) })}
              />
              <span className="quiet">{t('desk.settings.minutesAfter')}</span>
            </span>
            <span className="form__with-unit">
              <input
                className="field form__level"
                type="number"
                min={0}
                max={9}
                step={1}
                aria-label={`${name}: ${t('desk.settings.level')}`}
                value={rule.level}
                onChange={(event) => set(index, { level: event.target.valueAsNumber || 0 })}
              />
              <span className="quiet">{t('desk.settings.level')}</span>
            </span>
            {AUDIENCE.map((one) => (
              <label key={one}>
                <input
                  type="checkbox"
                  checked={rule.audience.includes(one)}
                  onChange={(event) =>
                    set(index, {
                      audience: event.target.checked
                        ? [...rule.audience, one]
                        : rule.audience.filter((each) => each !== one),
                    })
                  }
                />{' '}
                {t(`desk.settings.audience.${one}`)}
              </label>
            ))}
            <Remove
              name={name}
              onClick={() => editor.change({ escalations: escalations.filter((_, at) => at !== index) })}
            />
          </fieldset>
        );
      })}
      <button
        type="button"
        className="button button--small"
        onClick={() =>
          editor.change({ escalations: [...escalations, { after_s: 0, level: 1, audience: ['dispatcher'] }] })
        }
      >
        <PlusOutlined /> {t('desk.settings.addEscalation')}
      </button>
    </>
  );
}

function Remove({ name, onClick }: { name: string; onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="icon-button" aria-label={`${t('desk.settings.remove')} ${name}`} onClick={onClick}>
      <DeleteOutlined />
    </button>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  choices: { value: string; name: string }[];
  onChange: (value: string) => void;
}

export function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <select className="field" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.name}
        </option>
      ))}
    </select>
  );
}
