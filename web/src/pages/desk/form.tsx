/** Fields of the desk's forms: a label above, the native control below. */

import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeskReference, useStaff } from '../../api/deskQueries.ts';
import { useLocalized } from '../../i18n/words.ts';
import { inCentre, meantInCentre } from '../../time/zone.ts';
import { SearchOutlined, WarningFilled } from '../../ui/icons.ts';
import { EmptyState } from '../../ui/ListState.tsx';
import dayjs from 'dayjs';

interface LabelProps {
  label: string;
  needed?: boolean;
  wide?: boolean;
}

export function Labelled({ label, needed = false, wide = false, children }: LabelProps & { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <label className={wide ? 'desk-field desk-field--wide' : 'desk-field'}>
      <span className="field-label">
        {label}
        {needed && <span className="desk-field__needed"> {t('desk.form.required')}</span>}
      </span>
      {children}
    </label>
  );
}

interface TextProps extends LabelProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  type?: 'text' | 'tel' | 'date' | 'number' | 'search';
  placeholder?: string;
  testId?: string;
  list?: string[];
}

export function TextField({ value, onChange, rows, type = 'text', placeholder, testId, list, ...label }: TextProps) {
  const listId = useId();
  return (
    <Labelled {...label}>
      {rows === undefined ? (
        <input
          className="field"
          type={type}
          value={value}
          placeholder={placeholder}
          data-testid={testId}
          list={list ? listId : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <textarea
          className="field"
          rows={rows}
          value={value}
          placeholder={placeholder}
          data-testid={testId}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {list && (
        <datalist id={listId}>
          {list.map((item) => (
            <option key={item} value={item} />
          ))}
        </datalist>
      )}
    </Labelled>
  );
}

export interface Choice {
  value: string;
  label: string;
}

interface ChoiceProps extends LabelProps {
  value: string;
  onChange: (value: string) => void;
  choices: Choice[];
  /** What an empty value reads; without it there is none. */
  empty?: string | undefined;
  testId?: string;
}

export function ChoiceField({ value, onChange, choices, empty, testId, ...label }: ChoiceProps) {
  return (
    <Labelled {...label}>
      <select className="field" value={value} data-testid={testId} onChange={(event) => onChange(event.target.value)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

type PickerProps = Omit<ChoiceProps, 'choices'>;

export function useUnitChoices(): Choice[] {
  const { data } = useDeskReference();
  const localized = useLocalized();
  return (data?.units ?? [])
    .filter((unit) => !unit.retired)
    .map((unit) => ({ value: unit.id, label: `${unit.parent_id ? '　' : ''}${localized(unit.name, unit.id)}` }));
}

export function UnitField(props: PickerProps) {
  return <ChoiceField {...props} choices={useUnitChoices()} />;
}

export function useAreaChoices(): Choice[] {
  const { data } = useDeskReference();
  const localized = useLocalized();
  return (data?.areas ?? []).map((area) => ({ value: area.id, label: localized(area.name, area.id) }));
}

export function useCategoryChoices(): Choice[] {
  const { data } = useDeskReference();
  const localized = useLocalized();
  return [...(data?.categories ?? [])]
    .filter((category) => !category.retired)
    .sort((a, b) => a.id.localeCompare(b.id))
    .map(({ id, name }) => ({ value: id, label: '　'.repeat(id.split('.').length - 1) + localized(name, id) }));
}

export function CategoryField(props: PickerProps) {
  return <ChoiceField {...props} choices={useCategoryChoices()} />;
}

/** A person of the directory. With `accounts`: only those who can sign in, by their user. */
export function PersonField({ accounts = false, ...props }: PickerProps & { accounts?: boolean }) {
  const { data = [] } = useStaff();
  const choices = data
    .filter((person) => !accounts || person.user_id !== null)
    .map((person) => ({
      value: String(accounts ? person.user_id : person.id),
      label: person.title === '' ? person.name : `${person.name} · ${person.title}`,
    }));
  return <ChoiceField {...props} choices={choices} />;
}

/** `value`: UTC seconds or null; shown and meant in the centre's time zone. */
export function InstantField({
  value,
  onChange,
  testId,
  ...label
}: LabelProps & { value: number | null; onChange: (value: number | null) => void; testId?: string }) {
  return (
    <Labelled {...label}>
      <input
        className="field"
        type="datetime-local"
        data-testid={testId}
        value={value === null ? '' : inCentre(value).format('YYYY-MM-DDTHH:mm')}
        onChange={(event) =>
          onChange(event.target.value === '' ? null : meantInCentre(dayjs(event.target.value)).unix())
        }
      />
    </Labelled>
  );
}

export function CheckField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: boolean;
  onChange: (to: boolean) => void;
}) {
  return (
    <label className="desk-check">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

/** Below a dialog whose draft is kept: give it up, or save it. */
export function DraftButtons({
  save,
  busy,
  testId,
  onSave,
  onDiscard,
}: {
  save: string;
  busy: boolean;
  testId: string;
  onSave: () => void;
  onDiscard: () => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <button type="button" className="button" onClick={onDiscard}>
        {t('desk.form.discard')}
      </button>
      <button
        type="button"
        className="button button--primary"
        data-pending={busy}
        disabled={busy}
        data-testid={testId}
        onClick={onSave}
      >
        {save}
      </button>
    </>
  );
}

interface SearchProps {
  label: string;
  value: string;
  testId: string;
  autoFocus?: boolean;
  onChange: (value: string) => void;
}

/** The search field above a list: it finds while somebody types. */
export function SearchBox({ label, value, testId, autoFocus = false, onChange }: SearchProps) {
  return (
    <div className="desk-search" role="search">
      <SearchOutlined />
      <input
        className="field"
        type="search"
        autoFocus={autoFocus}
        value={value}
        aria-label={label}
        placeholder={label}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

/** Beside a list: the one that was chosen, or the word that one may be. */
export function Chosen({ label, none, children }: { label: string; none: string; children: ReactNode }) {
  return (
    <section className="desk-scroll" aria-label={label}>
      {children || (
        <div className="panel">
          <EmptyState text={none} />
        </div>
      )}
    </section>
  );
}

/** What was refused; announced, and there until the next attempt. */
export function Refusal({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <p className="desk-refusal" role="alert" data-tone="danger" data-testid="refusal">
      <WarningFilled /> {text}
    </p>
  );
}
