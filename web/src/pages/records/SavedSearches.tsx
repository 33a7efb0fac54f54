/** Searches that were kept: one's own and those that the team shares. */

import { Select } from 'antd';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { records, type SavedSearch, useReadAgain, useSavedSearches } from '../../api/records.ts';
import { useSession } from '../../api/session.ts';
import { serverNow } from '../../time/clock.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SaveOutlined } from '../../ui/icons.ts';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { type Filters, searchOf } from './filters.ts';
import { draftOf, filtersOf } from './searches.ts';

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function SavedSearches({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { data } = useSavedSearches();
  const [open, setOpen] = useState(false);
  const found = data ?? [];
  const own = found.filter((one) => one.owner_id === user.id);
  const others = found.filter((one) => one.owner_id !== user.id);
  const option = (one: SavedSearch) => ({ value: one.id, label: one.name });
  const shown = (one: SavedSearch): boolean =>
    searchOf(filtersOf(one, serverNow())).toString() === searchOf({ ...filters, page: 1 }).toString();
  return (
    <>
      <Select<number>
        className="filters__select"
        aria-label={t('records.searches.title')}
        data-testid="saved-searches"
        placeholder={t('records.searches.title')}
        value={found.find(shown)?.id ?? null}
        notFoundContent={t('records.searches.none')}
        options={[
          { label: t('records.searches.own'), options: own.map(option) },
          {
            label: t('records.searches.shared'),
            options: others.map((one) => ({ value: one.id, label: `${one.name} · ${one.owner}` })),
          },
        ].filter((group) => group.options.length > 0)}
        onChange={(id) => {
          const chosen = found.find((one) => one.id === id);
          if (chosen) onChange(filtersOf(chosen, serverNow()));
        }}
      />
      <button type="button" className="button button--small" data-testid="keep-search" onClick={() => setOpen(true)}>
        <SaveOutlined /> {t('records.searches.keep')}
      </button>
      <Dialog title={t('records.searches.title')} open={open} onClose={() => setOpen(false)}>
        <Keeping filters={filters} own={own} others={others} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

interface KeepingProps {
  filters: Filters;
  own: SavedSearch[];
  others: SavedSearch[];
  onDone: () => void;
}

function Keeping({ filters, own, others, onDone }: KeepingProps) {
  const { t } = useTranslation();
  const { user } = useSession();
  const problemText = useProblemText();
  const readAgain = useReadAgain();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const same = own.find((one) => one.name === name.trim());
  const removable = [...own, ...(user.role === 'ops' || user.role === 'admin' ? others : [])];

  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await readAgain('searches');
      return true;
    } catch (problem) {
      showToast('error', problemText(problem));
      return false;
    }
  };
  const keep = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const draft = draftOf(filters, name.trim(), shared, serverNow());
    const done = await act(() => (same ? records.changeSearch(same.id, draft) : records.keepSearch(draft)));
    if (done) onDone();
  };
  return (
    <>
      <form className="searches__form" onSubmit={(event) => void keep(event)}>
        <label>
          <span className="field-label">{t('records.searches.name')}</span>
          <input
            className="field"
            data-testid="search-name"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label>
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />{' '}
          {t(user.team ? 'records.searches.shareTeam' : 'records.searches.shareAll')}
        </label>
        <button
          type="submit"
          className="button button--primary"
          data-testid="search-save"
          disabled={name.trim() === ''}
        >
          {t(same ? 'records.searches.replace' : 'records.searches.keep')}
        </button>
      </form>
      <ul className="searches__list">
        {removable.map((one) => (
          <li key={one.id}>
            <span>
              {one.name}
              {one.shared && <small> {t('records.searches.isShared')}</small>}
            </span>
            <button
              type="button"
              className="button button--small"
              aria-label={t('records.searches.removeOne', { name: one.name })}
              onClick={() => void act(() => records.removeSearch(one.id))}
            >
              {t('records.notes.remove')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
