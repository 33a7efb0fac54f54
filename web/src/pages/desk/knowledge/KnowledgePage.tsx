/** The knowledge base: search, topics, articles and scripts; who supervises writes, and sees drafts and versions. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import type { ArticleQuery } from '../../../api/desk.ts';
import { useArticle, useArticles, useTopics } from '../../../api/deskQueries.ts';
import { maySupervise, useSession } from '../../../api/session.ts';
import { PlusOutlined, ReadOutlined, SolutionOutlined } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { useRested } from '../customers/CustomerPicker.tsx';
import { CheckField, Chosen, SearchBox } from '../form.tsx';
import { ArticleDialog } from './ArticleDialog.tsx';
import { ArticleView } from './ArticleView.tsx';
import { Versions } from './Versions.tsx';
import { useAddress, withParameter } from '../../../ui/useAddress.ts';

type State = NonNullable<ArticleQuery['state']>;
const STATES: State[] = ['published', 'draft', 'retired'];

export function KnowledgePage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const { user } = useSession();
  const navigate = useNavigate();
  const [search, setSearch] = useAddress();
  const [adding, setAdding] = useState(false);
  const words = search.get('words') ?? '';
  const topic = search.get('topic') ?? '';
  const state = STATES.find((one) => one === search.get('state')) ?? 'published';
  const due = search.get('due') === '1';
  const edits = maySupervise(user.role);
  const topics = useTopics().data ?? [];
  const found = useArticles({
    words: useRested(words),
    topic,
    state,
    ...(due && { review_due: true }),
    page: 1,
    page_size: 100,
  });
  const set = (name: string, value: string): void => setSearch(withParameter(name, value));
  const query = search.toString();
  return (
    <div className="desk-columns desk-columns--wide-side">
      <section className="panel desk-list" aria-label={t('desk.nav.knowledge')}>
        <div className="desk-bar">
          <SearchBox
            label={t('desk.knowledge.search')}
            value={words}
            testId="knowledge-search"
            onChange={(value) => set('words', value)}
          />
          <select
            className="field desk-select"
            aria-label={t('desk.knowledge.topics')}
            value={topic}
            onChange={(event) => set('topic', event.target.value)}
          >
            <option value="">{t('desk.knowledge.allTopics')}</option>
            {topics.map((one) => (
              <option key={one.topic} value={one.topic}>
                {one.topic || '–'} ({one.articles})
              </option>
            ))}
          </select>
          {edits && (
            <>
              <select
                className="field desk-select"
                aria-label={t('desk.knowledge.state')}
                value={state}
                onChange={(event) => set('state', event.target.value)}
              >
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {t(`desk.knowledge.${one as 'published' | 'draft' | 'retired'}`)}
                  </option>
                ))}
              </select>
              <CheckField
                label={t('desk.knowledge.reviewDue')}
                value={due}
                onChange={(on) => set('due', on ? '1' : '')}
              />
              <button
                type="button"
                className="button button--primary"
                data-testid="new-article"
                onClick={() => setAdding(true)}
              >
                <PlusOutlined /> {t('desk.knowledge.new')}
              </button>
            </>
          )}
        </div>
        <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('desk.knowledge.kinds')}>
          {found.isPending && <LoadingState />}
          {found.error && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
          {found.data?.length === 0 && <EmptyState text={t('desk.knowledge.none')} />}
          <ul className="desk-cards">
            {found.data?.map((line) => (
              <li key={line.id} className="desk-card" aria-current={String(line.id) === id ? 'true' : undefined}>
                <Link
                  className="desk-card__what"
                  to={`/desk/knowledge/${line.id}${query && `?${query}`}`}
                  data-testid={`article-${line.id}`}
                >
                  <strong>
                    {line.kind === 'script' ? <SolutionOutlined /> : <ReadOutlined />} {line.title}
                  </strong>
                  <small className="quiet desk-clip">{line.beginning}</small>
                </Link>
                <span className="desk-mark" data-tone="neutral">
                  {line.topic}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </section>
      <Chosen label={t('desk.knowledge.article')} none={t('desk.knowledge.choose')}>
        {id !== undefined && <One key={id} id={Number(id)} />}
      </Chosen>
      {adding && (
        <ArticleDialog
          article={null}
          onClose={() => setAdding(false)}
          onSaved={(article) => void navigate(`/desk/knowledge/${article.id}`)}
        />
      )}
    </div>
  );
}

function One({ id }: { id: number }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { data, error, isPending, refetch } = useArticle(id);
  const [editing, setEditing] = useState(false);
  const [versions, setVersions] = useState(false);
  if (isPending) return <LoadingState />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className="desk-stack">
      <ArticleView article={data}>
        {maySupervise(user.role) && (
          <>
            <button type="button" className="button" data-testid="article-edit" onClick={() => setEditing(true)}>
              {t('desk.knowledge.edit')}
            </button>
            <button type="button" className="button" onClick={() => setVersions(!versions)}>
              {t('desk.knowledge.versions')}
            </button>
          </>
        )}
      </ArticleView>
      {versions && <Versions id={id} current={data} />}
      {editing && <ArticleDialog article={data} onClose={() => setEditing(false)} />}
    </div>
  );
}
