/** A wallboard: about which queues and teams, for whom, which figures with which targets, and what stands below them. */

import { useTranslation } from 'react-i18next';
import { type Board, boards, type FigureRule, useBoards } from '../../api/boards.ts';
import { useConfig } from '../../api/config.ts';
import { useLocalized } from '../../i18n/words.ts';
import { useChoices } from './useChoices.ts';
import { CheckField, NamesField, NumberField, SelectField, TextField, TicksField } from './fields.tsx';
import { RecipientsField } from './RecipientsField.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useEditor } from './useEditor.ts';

const PANELS = ['queues', 'agents', 'traffic', 'bulletins', 'alerts'] as const;
const ROLES = ['agent', 'supervisor', 'ops', 'admin'] as const;
const MOST_FIGURES = 12;

export const newBoard = (): Board => ({
  id: '',
  name: {},
  queues: [],
  teams: [],
  roles: [],
  figures: [{ figure: 'waiting' }, { figure: 'longest_wait' }, { figure: 'service_level' }],
  panels: [...PANELS],
  rotate_s: 20,
  mail: [],
  sms: [],
  position: 0,
  version: 0,
});

interface Props {
  object: Board;
  isNew: boolean;
  done: (key: string | null) => void;
}

export function BoardForm({ object, isNew, done }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const editor = useEditor(object);
  const { draft, change, errorAt } = editor;
  const { teams } = useChoices();
  const queues = (useConfig('queues').data ?? []).map(({ id, name }) => ({ value: id, name: localized(name, id) }));
  const rules = draft.figures ?? [];
  const firstError = (field: string, listed: string[]): string | undefined =>
    listed.map((_, at) => errorAt(`${field}.${String(at)}`)).find((error) => error !== undefined) ?? errorAt(field);
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.board.new') : localized(object.name, object.id)}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('admin.codeHint')}
            error={errorAt('board_id')}
            value={draft.id}
            onChange={(id) => change({ id })}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
        <NumberField
          label={t('admin.board.rotate')}
          hint={t('admin.board.rotateHint')}
          error={errorAt('rotate_s')}
          unit={t('admin.unitSeconds')}
          min={5}
          value={draft.rotate_s ?? 20}
          onChange={(rotate_s) => change({ rotate_s: rotate_s ?? 20 })}
        />
        <NumberField
          label={t('admin.position')}
          hint={t('admin.positionHint')}
          error={errorAt('position')}
          min={0}
          step={1}
          value={draft.position ?? 0}
          onChange={(position) => change({ position: position ?? 0 })}
        />
      </div>
      <TicksField
        label={t('admin.board.queues')}
        hint={t('admin.board.queuesHint')}
        value={draft.queues ?? []}
        choices={queues}
        onChange={(chosen) => change({ queues: chosen })}
      />
      <TicksField
        label={t('admin.board.teams')}
        hint={t('admin.board.teamsHint')}
        value={draft.teams ?? []}
        choices={teams}
        onChange={(chosen) => change({ teams: chosen })}
      />
      <TicksField
        label={t('admin.board.roles')}
        hint={t('admin.board.rolesHint')}
        value={draft.roles ?? []}
        choices={ROLES.map((role) => ({ value: role, name: t(`user.roles.${role}`) }))}
        onChange={(chosen) => change({ roles: chosen as Board['roles'] })}
      />
      <TicksField
        label={t('admin.board.panels')}
        hint={t('admin.board.panelsHint')}
        value={draft.panels ?? []}
        choices={PANELS.map((panel) => ({ value: panel, name: t(`admin.board.panel.${panel}`) }))}
        onChange={(chosen) => change({ panels: PANELS.filter((panel) => chosen.includes(panel)) })}
      />
      <h3>{t('admin.board.figures')}</h3>
      <p className="form__hint">{t('admin.board.figuresHint')}</p>
      <Rules rules={rules} errorAt={errorAt} onChange={(figures) => change({ figures })} />
      <h3>{t('admin.board.recipients')}</h3>
      <p className="form__hint">{t('admin.board.recipientsHint')}</p>
      <div className="form__grid">
        <RecipientsField
          key={`mail-${String(draft.version ?? 0)}`}
          label={t('admin.board.mail')}
          hint={t('admin.board.mailHint')}
          error={firstError('mail', draft.mail ?? [])}
          value={draft.mail ?? []}
          onChange={(mail) => change({ mail })}
        />
        <RecipientsField
          key={`sms-${String(draft.version ?? 0)}`}
          label={t('admin.board.sms')}
          hint={t('admin.board.smsHint')}
          error={firstError('sms', draft.sms ?? [])}
          value={draft.sms ?? []}
          onChange={(sms) => change({ sms })}
        />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => editor.replace(await boards.put(wanted))}
        onSaved={(saved) => isNew && done(saved.id)}
        remove={isNew ? undefined : () => boards.remove(object.id)}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

interface RulesProps {
  rules: FigureRule[];
  errorAt: (path: string) => string | undefined;
  onChange: (rules: FigureRule[]) => void;
}

function Rules({ rules, errorAt, onChange }: RulesProps) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const figures = useBoards().data?.figures ?? [];
  const choices = figures.map(({ id, name }) => ({ value: id, name: localized(name, id) }));
  const free = choices.filter(({ value }) => !rules.some(({ figure }) => figure === value));
  return (
    <>
      {rules.map((rule, at) => {
        const figure = figures.find(({ id }) => id === rule.figure);
        const set = (patch: Partial<FigureRule>): void =>
          onChange(rules.map((other, index) => (index === at ? { ...other, ...patch } : other)));
        const share = figure?.unit === 'share';
        const unit = share ? '%' : figure?.unit === 's' ? t('admin.unitSeconds') : '';
        const shown = (value: number | null | undefined): number | null =>
          value === null || value === undefined ? null : share ? Math.round(value * 1000) / 10 : value;
        const stored = (value: number | null): number | null => (value !== null && share ? value / 100 : value);
        const name = localized(figure?.name, rule.figure);
        return (
          <fieldset key={rule.figure} className="form__grid board-rule" data-testid={`rule-${rule.figure}`}>
            <legend className="visually-hidden">{name}</legend>
            <SelectField
              label={t('admin.board.figure')}
              hint={localized(figure?.formulas, figure?.formula)}
              error={errorAt(`figures.${String(at)}.figure`)}
              value={rule.figure}
              choices={[{ value: rule.figure, name }, ...free]}
              onChange={(id) => onChange(rules.map((other, index) => (index === at ? { figure: id } : other)))}
            />
            {figure?.better !== '' && (
              <>
                <NumberField
                  label={t('admin.board.target')}
                  hint={t(figure?.contract === true ? 'admin.board.targetContract' : 'admin.board.targetHint')}
                  error={errorAt(`figures.${String(at)}.target`)}
                  unit={unit}
                  min={0}
                  value={shown(rule.target)}
                  onChange={(value) => set({ target: stored(value) })}
                />
                <NumberField
                  label={t('admin.board.limit')}
                  hint={t('admin.board.limitHint')}
                  error={errorAt(`figures.${String(at)}.limit`)}
                  unit={unit}
                  min={0}
                  value={shown(rule.limit)}
                  onChange={(value) => set({ limit: stored(value) })}
                />
                <NumberField
                  label={t('admin.board.hysteresis')}
                  hint={t('admin.board.hysteresisHint')}
                  error={errorAt(`figures.${String(at)}.hysteresis`)}
                  unit={unit}
                  min={0}
                  value={shown(rule.hysteresis ?? 0)}
                  onChange={(value) => set({ hysteresis: stored(value) ?? 0 })}
                />
                <CheckField
                  label={t('admin.board.alert')}
                  hint={errorAt(`figures.${String(at)}.alert`) ?? t('admin.board.alertHint')}
                  value={rule.alert ?? false}
                  onChange={(alert) => set({ alert })}
                />
                {rule.alert === true && (
                  <NumberField
                    label={t('admin.board.after')}
                    hint={t('admin.board.afterHint')}
                    error={errorAt(`figures.${String(at)}.after_s`)}
                    unit={t('admin.unitSeconds')}
                    min={0}
                    value={rule.after_s ?? 0}
                    onChange={(value) => set({ after_s: value ?? 0 })}
                  />
                )}
              </>
            )}
            <button
              type="button"
              className="button board-rule__remove"
              onClick={() => onChange(rules.filter((_, index) => index !== at))}
            >
              {t('admin.board.removeFigure', { name })}
            </button>
          </fieldset>
        );
      })}
      {rules.length < MOST_FIGURES && free[0] !== undefined && (
        <button
          type="button"
          className="button"
          data-testid="add-figure"
          onClick={() => onChange([...rules, { figure: free[0]?.value ?? 'offered' }])}
        >
          {t('admin.board.addFigure')}
        </button>
      )}
    </>
  );
}
