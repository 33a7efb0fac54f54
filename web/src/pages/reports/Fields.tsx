/** Choices of reports: one, several, and those among whose calls a report counts. */

import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReference } from '../../api/queries.ts';
import { useFeed } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import type { Among } from './schedule.ts';

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

/** Values separated by commas, as the server takes them; none means all. */
function Several({ label, value, options, onChange }: ChoiceProps<string>) {
  const { t } = useTranslation();
  return (
    <Field label={label}>
      <Select<string[]>
        mode="multiple"
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
export function useAmong(): Record<keyof Among, { value: string; label: string }[]> {
  const localized = useLocalized();
  const reference = useReference();
  const agents = useFeed((state) => state.agents);
  const people = Object.values(agents).sort((a, b) => a.number.localeCompare(b.number));
  return {
    queue: (reference?.queues ?? []).map(({ id, name }) => ({ value: id, label: localized(name, id) })),
    team: Object.entries(reference?.teams ?? {}).map(([id, name]) => ({ value: id, label: localized(name, id) })),
    agent: people.map(({ id, number, name }) => ({ value: String(id), label: `${number} ${name}` })),
  };
}

export function AmongFields({ among, onChange }: { among: Among; onChange: (part: Partial<Among>) => void }) {
  const { t } = useTranslation();
  const { queue, team, agent } = useAmong();
  return (
    <>
      <Several
        label={t('records.queue')}
        value={among.queue}
        options={queue}
        onChange={(chosen) => onChange({ queue: chosen })}
      />
      <Several
        label={t('reports.team')}
        value={among.team}
        options={team}
        onChange={(chosen) => onChange({ team: chosen })}
      />
      <Several
        label={t('reports.by.agent')}
        value={among.agent}
        options={agent}
        onChange={(chosen) => onChange({ agent: chosen })}
      />
    </>
  );
}
