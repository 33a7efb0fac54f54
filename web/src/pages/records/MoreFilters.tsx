/** The conditions that are not asked for every day. Texts take effect on Enter or when the field is left. */

import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { config } from '../../api/config.ts';
import { useReference } from '../../api/queries.ts';
import { maySupervise, useSession } from '../../api/session.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import {
  type AmountFilter,
  type ChoiceFilter,
  type Direction,
  DIRECTIONS,
  ENDED_BY,
  type Filters,
  type Mark,
  MARKS,
  type TextFilter,
} from './filters.ts';

interface Props {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
}

export function MoreFilters({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const localized = useLocalized();
  const reference = useReference();
  const { user } = useSession();
  const agents = useQuery({
    queryKey: ['config', 'agents'],
    queryFn: config.agents,
    enabled: maySupervise(user.role),
    staleTime: 60_000,
  });
  const all = { value: '', label: t('common.all') };
  const flows = Object.keys(reference?.nodes ?? {});
  const nodes = filters.flow === '' ? [] : Object.entries(reference?.nodes[filters.flow] ?? {});

  return (
    <div className="filters__more">
      {agents.data && (
        <Choice
          label={t('records.agent')}
          value={String(filters.agent || '')}
          options={[all, ...agents.data.map((one) => ({ value: String(one.id), label: `${one.number} ${one.name}` }))]}
          onChange={(value) => onChange({ agent: Number(value) })}
        />
      )}
      <Choice
        label={t('records.dialled')}
        value={filters.dialled}
        options={[
          all,
          ...Object.entries(reference?.lines ?? {}).map(([number, name]) => ({
            value: number,
            label: `${number} ${name}`,
          })),
        ]}
        onChange={(dialled) => onChange({ dialled })}
      />
      <Choice
        label={t('records.disposition')}
        value={filters.disposition}
        options={[
          all,
          ...(reference?.dispositions ?? []).map(({ code, name }) => ({ value: code, label: localized(name, code) })),
        ]}
        onChange={(disposition) => onChange({ disposition })}
      />
      <Choice
        label={t('records.direction')}
        value={filters.direction}
        options={[all, ...DIRECTIONS.map((code) => ({ value: code, label: codeWord('direction', code) }))]}
        onChange={(direction) => onChange({ direction: direction as Direction | '' })}
      />
      <Choice
        label={t('records.endedBy')}
        value={filters.ended_by}
        options={[all, ...ENDED_BY.map((code) => ({ value: code, label: codeWord('endedBy', code) }))]}
        onChange={(endedBy) => onChange({ ended_by: endedBy })}
      />
      <Text name="customer" label={t('records.customerSearch')} filters={filters} onChange={onChange} />
      <Text name="note" label={t('records.note')} filters={filters} onChange={onChange} />
      <Choice
        label={t('records.flow')}
        value={filters.flow}
        options={[all, ...flows.map((flow) => ({ value: flow, label: flow }))]}
        onChange={(flow) => onChange({ flow, node: '' })}
      />
      {nodes.length > 0 && (
        <Choice
          label={t('records.node')}
          value={filters.node}
          options={[all, ...nodes.map(([node, title]) => ({ value: node, label: localized(title, node) }))]}
          onChange={(node) => onChange({ node })}
        />
      )}
      <Range label={t('records.waitedRange')} from="waited_from_s" to="waited_to_s" {...{ filters, onChange }} />
      <Range label={t('records.talkRange')} from="talk_from_s" to="talk_to_s" {...{ filters, onChange }} />
      <YesNo label={t('records.recorded')} name="recorded" {...{ filters, onChange }} />
      <YesNo label={t('records.transferred')} name="transferred" {...{ filters, onChange }} />
      <Choice
        label={t('records.notes.mark')}
        value={filters.mark}
        options={[all, ...MARKS.map((mark) => ({ value: mark, label: t(`mark.${mark}`) }))]}
        onChange={(mark) => onChange({ mark: mark as Mark | '' })}
      />
      <Text name="comment" label={t('records.notes.search')} filters={filters} onChange={onChange} />
      <YesNo label={t('records.notes.commented')} name="commented" {...{ filters, onChange }} />
    </div>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="filters__field">
      <span>{label}</span>
      {children}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, ...select }: ChoiceProps) {
  return (
    <Field label={label}>
      <Select aria-label={label} showSearch={{ optionFilterProp: 'label' }} {...select} />
    </Field>
  );
}

function Text({ name, label, filters, onChange }: Props & { name: TextFilter; label: string }) {
  const id = useId();
  return (
    <div className="filters__field">
      <label htmlFor={id}>{label}</label>
      <Draft id={id} value={filters[name]} onSettled={(value) => onChange({ [name]: value.trim() })} />
    </div>
  );
}

function Range({
  label,
  from,
  to,
  filters,
  onChange,
}: Props & { label: string; from: AmountFilter; to: AmountFilter }) {
  const { t } = useTranslation();
  const edge = (name: AmountFilter, word: string) => (
    <Draft
      type="number"
      label={`${label} ${word}`}
      placeholder={word}
      value={filters[name] === null ? '' : String(filters[name])}
      onSettled={(value) => onChange({ [name]: value === '' ? null : Math.min(86_400, Math.max(0, Number(value))) })}
    />
  );
  return (
    <Field label={label}>
      <span className="filters__range">
        {edge(from, t('records.atLeast'))}
        <span>–</span>
        {edge(to, t('records.atMost'))}
      </span>
    </Field>
  );
}

function YesNo({ label, name, filters, onChange }: Props & { label: string; name: ChoiceFilter }) {
  const { t } = useTranslation();
  return (
    <Choice
      label={label}
      value={filters[name] === null ? '' : String(filters[name])}
      options={[
        { value: '', label: t('common.all') },
        { value: 'true', label: t('common.yes') },
        { value: 'false', label: t('common.no') },
      ]}
      onChange={(value) => onChange({ [name]: value === '' ? null : value === 'true' })}
    />
  );
}

interface DraftProps {
  value: string;
  onSettled: (value: string) => void;
  id?: string;
  label?: string;
  placeholder?: string;
  type?: 'text' | 'number';
}

/** What is being typed is not searched for yet. */
function Draft({ value, onSettled, label, ...input }: DraftProps) {
  const [typed, setTyped] = useState(value);
  const [former, setFormer] = useState(value);
  if (former !== value) {
    setFormer(value);
    setTyped(value);
  }
  const settle = (): void => {
    if (typed !== value) onSettled(typed);
  };
  return (
    <input
      {...input}
      className="field"
      aria-label={label}
      maxLength={80}
      min={0}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) settle();
      }}
    />
  );
}
