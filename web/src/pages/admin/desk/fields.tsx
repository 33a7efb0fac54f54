/** Fields that only the desk's settings need. */

import { useTranslation } from 'react-i18next';
import { Field } from '../fields.tsx';

interface LinesProps {
  label: string;
  hint: string;
  error?: string | undefined;
  value: string[];
  testId?: string;
  onChange: (value: string[]) => void;
}

/** Several words, one per line. Empty lines stay while somebody types, and are left out by `filled`. */
export function LinesField({ value, onChange, testId, ...field }: LinesProps) {
  return (
    <Field {...field}>
      {(ids) => (
        <textarea
          className="field"
          rows={3}
          {...ids}
          value={value.join('\n')}
          data-testid={testId}
          onChange={(event) => onChange(event.target.value.split('\n'))}
        />
      )}
    </Field>
  );
}

export const filled = (lines: string[]): string[] => lines.map((line) => line.trim()).filter((line) => line !== '');

/** Minutes after midnight as a time of day; empty: null. */
export function TimeInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | null | undefined;
  onChange: (value: number | null) => void;
}) {
  const { t } = useTranslation();
  const two = (n: number): string => String(n).padStart(2, '0');
  return (
    <input
      className="field form__time"
      type="time"
      aria-label={label}
      title={t('desk.settings.hoursHint')}
      value={typeof value === 'number' ? `${two(Math.floor(value / 60) % 24)}:${two(value % 60)}` : ''}
      onChange={(event) => {
        const [hours = '', minutes = ''] = event.target.value.split(':');
        onChange(event.target.value === '' ? null : Number(hours) * 60 + Number(minutes));
      }}
    />
  );
}

/** What the server says about a value, in words where its code is known. */
export function useWrong(): (message: string | undefined) => string | undefined {
  const { t } = useTranslation();
  return (message) =>
    message === undefined
      ? undefined
      : t(`desk.settings.wrong.${message}` as 'desk.settings.wrong.unknown', { defaultValue: message });
}
