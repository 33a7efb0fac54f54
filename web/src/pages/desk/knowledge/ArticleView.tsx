/** One article to read, or one script to walk through with the caller. */

import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type Article, type ScriptStep } from '../../../api/desk.ts';
import { dateTime } from '../../../time/format.ts';
import { DislikeOutlined, LikeOutlined } from '../../../ui/icons.ts';
import { showToast } from '../../../ui/toasts.ts';
import { useDeskNames } from '../words.ts';

interface Props {
  article: Article;
  children?: ReactNode;
  /** In the agent's right column: without what only editors need. */
  brief?: boolean;
}

export function ArticleView({ article, children, brief = false }: Props) {
  const { t } = useTranslation();
  const names = useDeskNames();
  return (
    <article className="panel" data-testid="article">
      <header className="desk-order__head">
        <div>
          <h2>{article.title}</h2>
          <p className="quiet">
            {[article.topic, ...article.categories.map(names.category)].filter(Boolean).join(' · ')}
          </p>
          {!brief && (
            <p className="quiet">
              {t('desk.knowledge.version', { version: article.version })} · {article.changed_by} ·{' '}
              {dateTime(article.changed_at)} · {t('desk.knowledge.read', { count: article.read_count })}
              {article.audio !== '' && ` · ${t('desk.field.audio')} ${article.audio}`}
              {article.review_on !== '' && ` · ${t('desk.knowledge.reviewOn', { date: article.review_on })}`}
            </p>
          )}
        </div>
        <div className="desk-order__tools">{children}</div>
      </header>
      <div className="desk-part">
        {article.kind === 'script' ? (
          <Script key={`${article.id}:${article.version}`} steps={article.steps} />
        ) : (
          <p className="desk-text desk-article">{article.body}</p>
        )}
      </div>
      <Rating id={article.id} />
    </article>
  );
}

function Rating({ id }: { id: number }) {
  const { t } = useTranslation();
  const [rated, setRated] = useState(false);
  const rate = (helpful: boolean): void => {
    setRated(true);
    deskApi.rateArticle(id, helpful).then(
      () => showToast('info', t('desk.knowledge.thanks')),
      () => setRated(false), // may be tried again; nobody has to be told
    );
  };
  return (
    <div className="desk-part desk-actions">
      <button type="button" className="button button--small" disabled={rated} onClick={() => rate(true)}>
        <LikeOutlined /> {t('desk.knowledge.helpful')}
      </button>
      <button type="button" className="button button--small" disabled={rated} onClick={() => rate(false)}>
        <DislikeOutlined /> {t('desk.knowledge.unhelpful')}
      </button>
    </div>
  );
}

/** Step by step: each answer leads on; the way stays visible and can be gone back. */
function Script({ steps }: { steps: ScriptStep[] }) {
  const { t } = useTranslation();
  const [way, setWay] = useState<{ step: number; answer: string }[]>([]);
  const [at, setAt] = useState<number | null>(0);
  const step = at === null ? undefined : steps[at];
  const go = (answer: string, to: number | null): void => {
    setWay([...way, { step: at ?? 0, answer }]);
    setAt(to);
  };
  const back = (): void => {
    const last = way.at(-1);
    if (last === undefined) return;
    setWay(way.slice(0, -1));
    setAt(last.step);
  };
  return (
    <div className="desk-script">
      <ol>
        {way.map(({ step: passed, answer }, index) => (
          <li key={index} className="quiet">
            {steps[passed]?.say} <strong>{answer}</strong>
          </li>
        ))}
      </ol>
      {step ? (
        <>
          <p className="desk-script__say" data-testid="script-say">
            {step.say}
          </p>
          {step.hint && <p className="quiet">{step.hint}</p>}
          <div className="desk-actions">
            {Object.entries(step.answers ?? {}).map(([answer, to]) => (
              <button
                key={answer}
                type="button"
                className="button"
                data-testid={`script-answer-${answer}`}
                onClick={() => go(answer, to)}
              >
                {answer}
              </button>
            ))}
          </div>
          {Object.keys(step.answers ?? {}).length === 0 && <p className="quiet">{t('desk.knowledge.end')}</p>}
        </>
      ) : (
        <p className="quiet">{t('desk.knowledge.end')}</p>
      )}
      {way.length > 0 && (
        <div className="desk-actions">
          <button type="button" className="button button--small" onClick={back}>
            {t('desk.knowledge.stepBack')}
          </button>
          <button
            type="button"
            className="button button--small"
            onClick={() => {
              setWay([]);
              setAt(0);
            }}
          >
            {t('desk.knowledge.restart')}
          </button>
        </div>
      )}
    </div>
  );
}
