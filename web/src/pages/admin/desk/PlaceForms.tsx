/** Areas of the town, and units with their crews: who work orders are counted for, and who carries them out. */

import { useTranslation } from 'react-i18next';
import { type Area, deskSettings, type DeskReference, type Unit } from '../../../api/deskSettings.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { CheckField, NamesField, NumberField, SelectField, TextField, TicksField } from '../fields.tsx';
import { SaveBar } from '../SaveBar.tsx';
import { type Editor, useEditor } from '../useEditor.ts';
import { filled, LinesField, useWrong } from './fields.tsx';

export interface FormProps<T> {
  object: T;
  isNew: boolean;
  done: (key: string | null) => void;
  setup: DeskReference;
}

export const newArea = (): Area => ({ id: '', name: {}, districts: [], position: 0, version: '' });
export const newUnit = (): Unit => ({
  id: '',
  kind: 'crew',
  name: {},
  parent_id: null,
  areas: [],
  phone: '',
  retired: false,
  position: 0,
  version: '',
});

export function AreaForm({ object: area, isNew, done }: FormProps<Area>) {
  const { t } = useTranslation();
  const wrong = useWrong();
  const editor = useEditor(area);
  const { draft, change, errorAt } = editor;
  return (
    <form className="form" data-testid="area-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('desk.settings.newArea') : area.id}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('desk.settings.areaCodeHint')}
            error={wrong(errorAt('id'))}
            value={draft.id}
            onChange={(id) => change({ id: id.toUpperCase() })}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
        <LinesField
          label={t('desk.settings.districts')}
          hint={t('desk.settings.districtsHint')}
          error={wrong(errorAt('districts'))}
          value={draft.districts}
          testId="area-districts"
          onChange={(districts) => change({ districts })}
        />
        <Position editor={editor} />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => {
          const saved = await deskSettings.putArea({ ...wanted, districts: filled(wanted.districts) });
          editor.replace(saved.areas.find(({ id }) => id === wanted.id) ?? wanted);
        }}
        onSaved={(saved) => isNew && done(saved.id)}
        remove={isNew ? undefined : () => deskSettings.deleteArea(area.id, draft.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

export function UnitForm({ object: unit, isNew, done, setup }: FormProps<Unit>) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const wrong = useWrong();
  const editor = useEditor(unit);
  const { draft, change, errorAt } = editor;
  const none = { value: '', name: t('common.none') };
  const parents = setup.units.filter(({ id, retired }) => id !== unit.id && !retired);
  return (
    <form className="form" data-testid="unit-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('desk.settings.newUnit') : localized(unit.name, unit.id)}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('desk.settings.wordHint')}
            error={wrong(errorAt('id'))}
            value={draft.id}
            onChange={(id) => change({ id })}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
        <SelectField
          label={t('desk.settings.kind')}
          hint={t('desk.settings.kindHint')}
          value={draft.kind}
          choices={(['unit', 'crew'] as const).map((kind) => ({ value: kind, name: t(`desk.settings.kinds.${kind}`) }))}
          onChange={(kind) => change({ kind })}
        />
        <SelectField
          label={t('desk.settings.parent')}
          hint={t('desk.settings.parentHint')}
          error={wrong(errorAt('parent_id'))}
          value={draft.parent_id ?? ''}
          choices={[none, ...parents.map(({ id, name }) => ({ value: id, name: localized(name, id) }))]}
          onChange={(parent) => change({ parent_id: parent || null })}
        />
        <TextField
          label={t('desk.settings.phone')}
          hint={t('desk.settings.unitPhoneHint')}
          error={wrong(errorAt('phone'))}
          value={draft.phone}
          onChange={(phone) => change({ phone })}
        />
        <TicksField
          label={t('desk.settings.unitAreas')}
          hint={wrong(errorAt('areas')) ?? t('desk.settings.unitAreasHint')}
          value={draft.areas}
          choices={setup.areas.map(({ id, name }) => ({ value: id, name: localized(name, id) }))}
          onChange={(areas) => change({ areas })}
        />
        <CheckField
          label={t('desk.settings.retired')}
          hint={t('desk.settings.retiredUnitHint')}
          value={draft.retired}
          onChange={(retired) => change({ retired })}
        />
        <Position editor={editor} />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => {
          const saved = await deskSettings.putUnit(wanted);
          editor.replace(saved.units.find(({ id }) => id === wanted.id) ?? wanted);
        }}
        onSaved={(saved) => isNew && done(saved.id)}
        remove={isNew ? undefined : () => deskSettings.deleteUnit(unit.id, draft.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

export function Position<T extends { position?: number }>({ editor }: { editor: Editor<T> }) {
  const { t } = useTranslation();
  return (
    <NumberField
      label={t('admin.position')}
      hint={t('admin.positionHint')}
      min={0}
      step={1}
      error={editor.errorAt('position')}
      value={editor.draft.position ?? 0}
      onChange={(position) => editor.change({ position: position ?? 0 } as Partial<T>)}
    />
  );
}
