/** Labelled inputs with an explanation below each, and the server's word where a value was refused. */

import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { DeleteOutlined, PlusOutlined } from '../../ui/icons.ts';

interface FieldProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  wide?: boolean;
  children: (ids: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}

export function Field({ label, hint, error, wide = false, children }: FieldProps) {
  const id = useId();
  const { t } = useTranslation();
  return (
    <div className={wide ? 'form__field form__field--wide' : 'form__field'}>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': `${id}-hint`, 'aria-invalid': error !== undefined })}
      <small id={`${id}-hint`} className={error === undefined ? 'form__hint' : 'form__hint form__hint--error'}>
        {error === undefined ? hint : t('admin.wrong', { message: error })}
      </small>
    </div>
  );
}

interface ValueProps<T> {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: T;
  onChange: (value: T) => void;
  disabled?: boolean;
}

export function TextField({ value, onChange, disabled, wide, ...field }: ValueProps<string> & { wide?: boolean }) {
  return (
    <Field {...field} {...(wide ? { wide } : {})}>
      {(ids) => (
        <input
          className="field"
          {...ids}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface NumberProps extends ValueProps<number | null> {
  min?: number;
  max?: number;
  step?: number;
  unit?: string;
}

/** An empty field is null: "no limit", "left out". */
export function NumberField({ value, onChange, min, max, step, unit, disabled, ...field }: NumberProps) {
  return (
    <Field {...field}>
      {(ids) => (
        <span className="form__with-unit">
          <input
            className="field"
            type="number"
            {...ids}
            min={min}
            max={max}
            step={step ?? 'any'}
            value={value ?? ''}
            disabled={disabled}
            onChange={(event) => onChange(event.target.value === '' ? null : event.target.valueAsNumber)}
          />
          {unit && <span className="quiet">{unit}</span>}
        </span>
      )}
    </Field>
  );
}

export interface Choice {
  value: string;
  name: string;
}

export function SelectField({
  value,
  onChange,
  choices,
  disabled,
  ...field
}: ValueProps<string> & { choices: Choice[] }) {
  return (
    <Field {...field}>
      {(ids) => (
        <select
          className="field"
          {...ids}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({ value, onChange, disabled, label, hint }: ValueProps<boolean>) {
  const id = useId();
  return (
    <div className="form__field form__check">
      <input
        id={id}
        type="checkbox"
        checked={value}
        disabled={disabled}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      <small id={`${id}-hint`} className="form__hint">
        {hint}
      </small>
    </div>
  );
}

export function NamesField({ value, onChange, error, disabled }: Omit<ValueProps<Record<string, string>>, 'label'>) {
  const { t } = useTranslation();
  const put = (language: string, text: string): void => {
    const names = { ...value, [language]: text };
    onChange(Object.fromEntries(Object.entries(names).filter(([, name]) => name !== '')));
  };
  return (
    <>
      <TextField
        label={t('admin.nameChinese')}
        hint={t('admin.nameHint')}
        error={error}
        value={value['zh-CN'] ?? ''}
        disabled={disabled ?? false}
        onChange={(text) => put('zh-CN', text)}
      />
      <TextField
        label={t('admin.nameEnglish')}
        hint={t('admin.nameHint')}
        value={value.en ?? ''}
        disabled={disabled ?? false}
        onChange={(text) => put('en', text)}
      />
    </>
  );
}

interface LevelsProps {
  label: string;
  hint: string;
  error?: string | undefined;
  value: Record<string, number>;
  choices: Choice[];
  onChange: (value: Record<string, number>) => void;
}

/** Rows of a word and a number: skills with levels. */
export function LevelsField({ label, hint, error, value, choices, onChange }: LevelsProps) {
  const { t } = useTranslation();
  const free = choices.filter((choice) => !(choice.value in value));
  const nameOf = (key: string): string => choices.find((choice) => choice.value === key)?.name ?? key;
  return (
    <fieldset className="form__group">
      <legend className="field-label">{label}</legend>
      {Object.entries(value).map(([skill, level]) => (
        <div key={skill} className="form__row">
          <span className="form__row-name">{nameOf(skill)}</span>
          <input
            className="field form__level"
            type="number"
            min={1}
            max={10}
            aria-label={t('admin.levelOf', { skill: nameOf(skill) })}
            value={level}
            onChange={(event) => onChange({ ...value, [skill]: event.target.valueAsNumber || 1 })}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={t('admin.removeSkill', { skill: nameOf(skill) })}
            onClick={() => onChange(Object.fromEntries(Object.entries(value).filter(([key]) => key !== skill)))}
          >
            <DeleteOutlined />
          </button>
        </div>
      ))}
      {free.length > 0 && (
        <label className="form__row">
          <PlusOutlined />
          <select
            className="field"
            aria-label={`${label}: ${t('admin.add')}`}
            value=""
            onChange={(event) => onChange({ ...value, [event.target.value]: 1 })}
          >
            <option value="">{t('admin.add')}</option>
            {free.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <small className={error === undefined ? 'form__hint' : 'form__hint form__hint--error'}>
        {error === undefined ? hint : t('admin.wrong', { message: error })}
      </small>
    </fieldset>
  );
}

interface TicksProps {
  label: string;
  hint: string;
  value: string[];
  choices: Choice[];
  onChange: (value: string[]) => void;
}

/** Several of a list. */
export function TicksField({ label, hint, value, choices, onChange }: TicksProps) {
  const known = [
    ...choices,
    ...value.filter((v) => !choices.some((c) => c.value === v)).map((v) => ({ value: v, name: v })),
  ];
  return (
    <fieldset className="form__group">
      <legend className="field-label">{label}</legend>
      <div className="form__ticks">
        {known.map((choice) => (
          <label key={choice.value}>
            <input
              type="checkbox"
              checked={value.includes(choice.value)}
              onChange={(event) =>
                onChange(event.target.checked ? [...value, choice.value] : value.filter((v) => v !== choice.value))
              }
            />
            {choice.name}
          </label>
        ))}
      </div>
      <small className="form__hint">{hint}</small>
    </fieldset>
  );
}
