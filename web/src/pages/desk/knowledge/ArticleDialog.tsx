/** Writes an article or script; each saving is a version of its own. */

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type Article, type ArticleBody } from '../../../api/desk.ts';
import { useReadAgain, useTopics } from '../../../api/deskQueries.ts';
import { asProblem } from '../../../api/problem.ts';
import { useTargets } from '../../../api/queries.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { useDraft } from '../drafts.ts';
import { ChoiceField, DraftButtons, Labelled, Refusal, TextField, useCategoryChoices } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { stepsFrom, textOf } from './script.ts';

type Kind = NonNullable<ArticleBody['kind']>;
type State = NonNullable<ArticleBody['state']>;

interface Values {
  title: string;
  kind: Kind;
  state: State;
  topic: string;
  body: string;
  steps: string;
  categories: string[];
  keywords: string;
  review_on: string;
  audio: string;
}

interface Props {
  article: Article | null;
  onClose: () => void;
  onSaved?: (article: Article) => void;
}

export function ArticleDialog({ article, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const readAgain = useReadAgain();
  const topics = useTopics().data ?? [];
  const categories = useCategoryChoices();
  const [version, setVersion] = useState(article?.version ?? 0);
  const [before] = useState<Values>(() => ({
    title: article?.title ?? '',
    kind: (article?.kind as Kind | undefined) ?? 'article',
    state: (article?.state as State | undefined) ?? 'draft',
    topic: article?.topic ?? '',
    body: article?.body ?? '',
    steps: textOf(article?.steps ?? []),
    categories: article?.categories ?? [],
    keywords: article?.keywords.join(', ') ?? '',
    review_on: article?.review_on ?? '',
    audio: article?.audio ?? '',
  }));
  const { value, change, discard } = useDraft<Values>(`article:${article?.id ?? 'new'}`, before);
  const { busy, problem, send } = useSend((error) => {
    const refused = asProblem(error);
    if (refused.errorId === 'stale_version') setVersion(Number(refused.params.version));
    if (article) void queries.invalidateQueries({ queryKey: ['article', article.id] });
  });

  const pieces = useTargets().data?.pieces ?? [];

  const save = async (): Promise<void> => {
    const body: ArticleBody = {
      title: value.title.trim(),
      kind: value.kind,
      state: value.state,
      topic: value.topic.trim(),
      body: value.kind === 'article' ? value.body : '',
      steps:
        value.kind === 'script'
          ? stepsFrom(value.steps).map((step) => ({ ...step, hint: step.hint ?? '', answers: step.answers ?? {} }))
          : [],
      categories: value.categories,
      keywords: value.keywords
        .split(/[,，、]/)
        .map((word) => word.trim())
        .filter((word) => word !== ''),
      review_on: value.review_on,
      audio: value.audio.trim(),
      version,
    };
    const done = await send(async () => {
      const saved = await deskApi.saveArticle(article?.id ?? null, body);
      queries.setQueryData(['article', saved.id], saved);
      showToast('info', t('desk.knowledge.saved', { version: saved.version }));
      onSaved?.(saved);
    });
    if (!done) return;
    discard();
    readAgain('knowledge');
    onClose();
  };

  return (
    <Dialog
      wide
      open
      title={article ? `${t('desk.knowledge.edit')} · ${article.title}` : t('desk.knowledge.new')}
      onClose={onClose}
      footer={
        <DraftButtons
          save={t('desk.knowledge.save')}
          busy={busy}
          testId="article-save"
          onSave={() => void save()}
          onDiscard={() => {
            discard();
            onClose();
          }}
        />
      }
    >
      <div className="desk-form">
        <TextField
          wide
          needed
          label={t('desk.field.title')}
          value={value.title}
          testId="article-title"
          onChange={(title) => change({ title })}
        />
        <ChoiceField
          label={t('desk.field.kind')}
          value={value.kind}
          choices={(['article', 'script'] as const).map((kind) => ({
            value: kind,
            label: t(`desk.knowledge.${kind}`),
          }))}
          onChange={(kind) => change({ kind: kind as Kind })}
        />
        <ChoiceField
          label={t('desk.knowledge.state')}
          value={value.state}
          choices={(['draft', 'published', 'retired'] as const).map((state) => ({
            value: state,
            label: t(`desk.knowledge.${state}`),
          }))}
          testId="article-state"
          onChange={(state) => change({ state: state as State })}
        />
        <TextField
          label={t('desk.field.topic')}
          value={value.topic}
          list={topics.map(({ topic }) => topic)}
          onChange={(topic) => change({ topic })}
        />
        <TextField
          label={t('desk.field.review_on')}
          type="date"
          value={value.review_on}
          onChange={(review_on) => change({ review_on })}
        />
        {value.kind === 'article' ? (
          <TextField
            wide
            rows={10}
            label={t('desk.field.body')}
            value={value.body}
            testId="article-body"
            onChange={(body) => change({ body })}
          />
        ) : (
          <TextField
            wide
            rows={12}
            label={t('desk.knowledge.steps')}
            value={value.steps}
            testId="article-steps"
            onChange={(steps) => change({ steps })}
          />
        )}
        <Labelled label={t('desk.knowledge.categories')}>
          <select
            className="field desk-field__several"
            multiple
            size={5}
            value={value.categories}
            onChange={(event) => change({ categories: [...event.target.selectedOptions].map((one) => one.value) })}
          >
            {categories.map((category) => (
              <option key={category.value} value={category.value}>
                {category.label}
              </option>
            ))}
          </select>
        </Labelled>
        <TextField
          label={t('desk.field.keywords')}
          value={value.keywords}
          onChange={(keywords) => change({ keywords })}
        />
        <TextField
          label={`${t('desk.field.audio')} · ${t('desk.audio.audioHelp')}`}
          value={value.audio}
          list={pieces}
          testId="article-audio"
          onChange={(audio) => change({ audio })}
        />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}
