/** Choices of reports: one, several, and those among whose calls a report counts. */

import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReference } from '../../api/queries.ts';
import { useFeed } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import type { components } from '../../api/schema.d.ts';
import type { Among, Filter } from './among.ts';
import type { Counting } from './schedule.ts';

const SAME = ['caller', 'customer', 'address', 'category'] as const;
const WITHIN_DAYS = [1, 3, 7, 14, 30];

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="reports__field">
      <span>{label}</span>
      {children}
    </div>
  );
}

export function Choice<Value extends string>({ label, ...select }: ChoiceProps<Value>) {
  return (
    <Field label={label}>
      <Select<Value> aria-label={label} popupMatchSelectWidth={false} {...select} />
    </Field>
  );
}

/** Values separated by commas, as the server takes them; none means all. `free`: also others than those offered. */
function Several({ label, value, options, onChange, free = false }: ChoiceProps<string> & { free?: boolean }) {
  const { t } = useTranslation();
  return (
    <Field label={label}>
      <Select<string[]>
        mode={free ? 'tags' : 'multiple'}
        tokenSeparators={free ? [',', '，', ' '] : undefined}
        maxTagCount="responsive"
        aria-label={label}
        placeholder={t('common.all')}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: 'label' }}
        value={value === '' ? [] : value.split(',')}
        options={options}
        onChange={(chosen) => onChange(chosen.join(','))}
      />
    </Field>
  );
}

/** Which queues, teams and agents there are, with their words. */
export function useAmong(): Record<Filter, { value: string; label: string }[]> {
  const localized = useLocalized();
  const reference = useReference();
  const agents = useFeed((state) => state.agents);
  const people = Object.values(agents).sort((a, b) => a.number.localeCompare(b.number));
  return {
    queue: (reference?.queues ?? []).map(({ id, name }) => ({ value: id, label: localized(name, id) })),
    team: Object.entries(reference?.teams ?? {}).map(([id, name]) => ({ value: id, label: localized(name, id) })),
    agent: people.map(({ id, number, name }) => ({ value: String(id), label: `${number} ${name}` })),
    dialled: [],
  };
}

const WORDS = {
  queue: 'records.queue',
  team: 'reports.team',
  agent: 'reports.by.agent',
  dialled: 'reports.by.dialled',
} as const;

interface AmongProps {
  /** Those that the report counts. */
  filters: readonly Filter[];
  among: Among;
  onChange: (part: Partial<Among>) => void;
}

export function AmongFields({ filters, among, onChange }: AmongProps) {
  const { t } = useTranslation();
  const options = useAmong();
  return filters.map((name) => (
    <Several
      key={name}
      free={name === 'dialled'}
      label={t(WORDS[name])}
      value={among[name]}
      options={options[name]}
      onChange={(chosen) => onChange({ [name]: chosen })}
    />
  ));
}

interface CountingProps {
  counting: Counting;
  onChange: (part: Partial<Counting>) => void;
}

/** Of repeat calls: what makes two the same, and how near they are. */
export function RepeatFields({ counting, onChange }: CountingProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        label={t('reports.same')}
        value={counting.same || 'caller'}
        options={SAME.map((value) => ({ value, label: t(`reports.sames.${value}`) }))}
        onChange={(same) => onChange({ same: same === 'caller' ? '' : same })}
      />
      <Choice
        label={t('reports.within')}
        value={String(counting.days)}
        options={WITHIN_DAYS.map((days) => ({ value: String(days), label: t('reports.days', { count: days }) }))}
        onChange={(days) => onChange({ days: Number(days) })}
      />
    </>
  );
}

export function CountingFields({
  counting,
  catalogue,
  onChange,
}: CountingProps & { catalogue: components['schemas']['ReportCatalogue'] }) {
  const { t } = useTranslation();
  const usual = (value: string) => ({ value: '', label: `${t('reports.usual')} (${value})` });
  return (
    <>
      <Choice
        label={t('reports.formula')}
        value={counting.formula}
        options={[
          usual(catalogue.formula),
          ...catalogue.formulas.map(({ id, formula }) => ({ value: id, label: `${id} = ${formula}` })),
        ]}
        onChange={(formula) => onChange({ formula })}
      />
      <Choice
        label={t('reports.booking')}
        value={counting.booking}
        options={[
          usual(t(`reports.bookings.${catalogue.booking}`)),
          ...catalogue.bookings.map((value) => ({ value: value, label: t(`reports.bookings.${value}`) })),
        ]}
        onChange={(booking) => onChange({ booking })}
      />
    </>
  );
}
