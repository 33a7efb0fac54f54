/** What holds for routing in the whole centre. */

import { useTranslation } from 'react-i18next';
import { config, type RoutingSetup } from '../../api/config.ts';
import { NumberField, SelectField } from './fields.tsx';
import { numberOr, put, stringOr, tree } from './options.ts';
import { FORMULAS } from './formulas.ts';
import { SaveBar } from './SaveBar.tsx';
import { TreatmentsField } from './TreatmentsField.tsx';
import { useEditor } from './useEditor.ts';

const CAUSES = { no_answer: 10, busy: 5, rejected: 10, unreachable: 15, failed: 5 } as const;
const BOOKINGS = ['event', 'cohort', 'completion'] as const;
const CHOICES = ['oldest_contact', 'queue_order'] as const;

export function RoutingForm({ routing }: { routing: RoutingSetup }) {
  const { t } = useTranslation();
  const editor = useEditor(routing);
  const own = editor.draft.options ?? {};
  const coolDowns = tree(own.cool_down_s);
  const set = (name: string, value: unknown, neutral?: unknown): void =>
    editor.change({ options: put(own, name, value, neutral) });
  return (
    <section className="panel admin__form">
      <form className="form" onSubmit={(event) => event.preventDefault()}>
        <h2>{t('admin.sections.routing')}</h2>
        <div className="form__grid">
          <NumberField
            label={t('admin.routing.misses')}
            hint={t('admin.routing.missesHint')}
            error={editor.errorAt('options.max_misses')}
            min={1}
            step={1}
            value={numberOr(own.max_misses, 3)}
            onChange={(v) => set('max_misses', v ?? 3, 3)}
          />
          <SelectField
            label={t('admin.routing.choice')}
            hint={t('admin.routing.choiceHint')}
            value={stringOr(own.agent_choice, 'oldest_contact')}
            choices={CHOICES.map((value) => ({ value, name: t(`admin.routing.choices.${value}`) }))}
            onChange={(v) => set('agent_choice', v, 'oldest_contact')}
          />
          <SelectField
            label={t('reports.formula')}
            hint={t('admin.routing.formulaHint')}
            error={editor.errorAt('options.service_level_formula')}
            value={stringOr(own.service_level_formula, 'SL1')}
            choices={FORMULAS.map((value) => ({ value, name: value }))}
            onChange={(v) => set('service_level_formula', v, 'SL1')}
          />
          <SelectField
            label={t('reports.booking')}
            hint={t('admin.routing.bookingHint')}
            error={editor.errorAt('options.booking')}
            value={stringOr(own.booking, 'cohort')}
            choices={BOOKINGS.map((value) => ({ value, name: t(`reports.bookings.${value}`) }))}
            onChange={(v) => set('booking', v, 'cohort')}
          />
        </div>
        <h3>{t('admin.routing.coolDowns')}</h3>
        <p className="form__hint">{t('admin.routing.coolDownsHint')}</p>
        <div className="form__grid">
          {(Object.keys(CAUSES) as (keyof typeof CAUSES)[]).map((cause) => (
            <NumberField
              key={cause}
              label={t(`refusal.${cause}`)}
              error={editor.errorAt(`options.cool_down_s.${cause}`)}
              unit={t('admin.unitSeconds')}
              min={0}
              value={numberOr(coolDowns[cause], CAUSES[cause])}
              onChange={(v) => set('cool_down_s', put(coolDowns, cause, v ?? CAUSES[cause], CAUSES[cause]))}
            />
          ))}
        </div>
        <TreatmentsField
          value={tree(own.customer_tags)}
          errorAt={editor.errorAt}
          onChange={(v) => set('customer_tags', v)}
        />
        <SaveBar editor={editor} save={async (wanted) => editor.replace(await config.putRouting(wanted))} />
      </form>
    </section>
  );
}
