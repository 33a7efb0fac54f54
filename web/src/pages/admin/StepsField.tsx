/** The relaxations of a queue: from which age of the caller on which skill is asked for less, or who else may help. */

import { useTranslation } from 'react-i18next';
import { DeleteOutlined, PlusOutlined } from '../../ui/icons.ts';
import { type Choice, LevelsField, NumberField, TicksField } from './fields.tsx';
import { numberOr, type Options, put, tree } from './options.ts';

interface Props {
  steps: Options[];
  skills: Choice[];
  groups: Choice[];
  errorAt: (path: string) => string | undefined;
  onChange: (steps: Options[]) => void;
}

export function StepsField({ steps, skills, groups, errorAt, onChange }: Props) {
  const { t } = useTranslation();
  const set = (index: number, step: Options): void => onChange(steps.map((one, at) => (at === index ? step : one)));
  const last = steps.at(-1);
  return (
    <div className="form__steps">
      <p className="form__hint">{t('admin.queue.stepsHint')}</p>
      {steps.map((step, index) => (
        <fieldset key={index} className="form__step" data-testid={`step-${index}`}>
          <legend>{t('admin.queue.step', { number: index + 1 })}</legend>
          <div className="form__grid">
            <NumberField
              label={t('admin.queue.label.after_s')}
              hint={t('admin.queue.hint.after_s')}
              error={errorAt(`steps.${index}.after_s`)}
              unit={t('admin.unitSeconds')}
              min={0}
              value={numberOr(step.after_s, 0)}
              onChange={(v) => set(index, { ...step, after_s: v ?? 0 })}
            />
            <LevelsField
              label={t('admin.queue.label.levels')}
              hint={t('admin.queue.hint.levels')}
              error={errorAt(`steps.${index}.levels`)}
              value={tree(step.levels) as Record<string, number>}
              choices={skills}
              onChange={(v) => set(index, put(step, 'levels', v))}
            />
            <TicksField
              label={t('admin.queue.label.drop')}
              hint={errorAt(`steps.${index}.drop`) ?? t('admin.queue.hint.drop')}
              value={(step.drop as string[] | undefined) ?? []}
              choices={skills}
              onChange={(v) => set(index, put(step, 'drop', v.length ? v : undefined))}
            />
            <TicksField
              label={t('admin.queue.label.add_groups')}
              hint={errorAt(`steps.${index}.add_groups`) ?? t('admin.queue.hint.add_groups')}
              value={(step.add_groups as string[] | undefined) ?? []}
              choices={groups}
              onChange={(v) => set(index, put(step, 'add_groups', v.length ? v : undefined))}
            />
          </div>
          <button
            type="button"
            className="button button--small"
            onClick={() => onChange(steps.filter((_, at) => at !== index))}
          >
            <DeleteOutlined /> {t('admin.queue.removeStep', { number: index + 1 })}
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        className="button button--small"
        data-testid="add-step"
        onClick={() => onChange([...steps, { after_s: numberOr(last?.after_s, 0) + 30 }])}
      >
        <PlusOutlined /> {t('admin.queue.addStep')}
      </button>
    </div>
  );
}
