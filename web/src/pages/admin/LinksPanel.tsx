/** Links under which screens show wallboards without anybody signing in: made, copied once, taken back. */

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { boards, type NewLink, useBoardLinks, useBoards } from '../../api/boards.ts';
import { useLocalized } from '../../i18n/words.ts';
import { dateTime } from '../../time/format.ts';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { CheckField, SelectField, TextField, TicksField } from './fields.tsx';

const EMPTY: NewLink = { name: '', boards: [], tiles: false, language: 'zh-CN', theme: 'dark' };

export function LinksPanel() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const { data, error, refetch } = useBoardLinks();
  const all = useBoards().data?.boards ?? [];
  const [wanted, setWanted] = useState<NewLink>(EMPTY);
  const [made, setMade] = useState<{ name: string; address: string } | null>(null);

  const act = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ['config', 'board-links'] });
    } catch (problem) {
      showToast('error', problemText(problem));
    }
  };
  const add = (): Promise<void> =>
    act(async () => {
      const { name, token } = await boards.addLink(wanted);
      setMade({ name, address: `${location.origin}/board#${token}` });
      setWanted(EMPTY);
    });

  if (data === undefined) {
    return error === null ? <LoadingState /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const nameOf = (id: string): string => localized(all.find((board) => board.id === id)?.name, id);
  return (
    <section className="panel admin__form">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <h2>{t('admin.sections.boardLinks')}</h2>
        <p className="form__hint">{t('admin.link.hint')}</p>
        <div className="form__grid">
          <TextField
            label={t('admin.link.name')}
            hint={t('admin.link.nameHint')}
            value={wanted.name}
            onChange={(name) => setWanted({ ...wanted, name })}
          />
          <SelectField
            label={t('admin.link.language')}
            value={wanted.language ?? 'zh-CN'}
            choices={[
              { value: 'zh-CN', name: t('admin.chinese') },
              { value: 'en', name: 'English' },
            ]}
            onChange={(language) => setWanted({ ...wanted, language: language as 'zh-CN' })}
          />
          <SelectField
            label={t('admin.link.theme')}
            value={wanted.theme ?? 'dark'}
            choices={(['dark', 'light'] as const).map((value) => ({ value, name: t(`wallboard.${value}`) }))}
            onChange={(theme) => setWanted({ ...wanted, theme: theme as 'dark' })}
          />
          <CheckField
            label={t('admin.link.tiles')}
            hint={t('admin.link.tilesHint')}
            value={wanted.tiles ?? false}
            onChange={(tiles) => setWanted({ ...wanted, tiles })}
          />
        </div>
        <TicksField
          label={t('admin.link.boards')}
          hint={t('admin.link.boardsHint')}
          value={wanted.boards ?? []}
          choices={all.map(({ id, name }) => ({ value: id, name: localized(name, id) }))}
          onChange={(chosen) => setWanted({ ...wanted, boards: chosen })}
        />
        <p>
          <button type="submit" className="button primary" disabled={wanted.name.trim() === ''} data-testid="add-link">
            {t('admin.link.add')}
          </button>
        </p>
        {made && (
          <p role="status">
            {t('admin.link.once', { name: made.name })}{' '}
            <code className="link-address" data-testid="link-address">
              {made.address}
            </code>
          </p>
        )}
      </form>
      <table className="table">
        <thead>
          <tr>
            {(['name', 'boards', 'by', 'used', 'state'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`admin.link.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.map((link) => (
            <tr key={link.id} data-testid={`link-${String(link.id)}`}>
              <th scope="row">{link.name}</th>
              <td>{link.boards.map(nameOf).join('、') || t('admin.link.everyBoard')}</td>
              <td>
                {link.created_by} {dateTime(link.created_at)}
              </td>
              <td>{link.used_at === null ? '–' : dateTime(link.used_at)}</td>
              <td>
                {link.revoked_at !== null ? (
                  t('admin.link.revoked', { at: dateTime(link.revoked_at) })
                ) : (
                  <button
                    type="button"
                    className="button"
                    onClick={() =>
                      void act(async () => {
                        await boards.revokeLink(link.id);
                      })
                    }
                  >
                    {t('admin.link.revoke')}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
