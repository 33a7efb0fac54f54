/** A category of orders: its names, how urgent it is, who gets it, and the fields that are asked for besides. */

import { useTranslation } from 'react-i18next';
import { type Category, type CustomFieldSetup, deskSettings } from '../../../api/deskSettings.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '../../../ui/icons.ts';
import { CheckField, NamesField, NumberField, SelectField, TextField } from '../fields.tsx';
import { SaveBar } from '../SaveBar.tsx';
import { useEditor } from '../useEditor.ts';
import { filled, LinesField, useWrong } from './fields.tsx';
import { type FormProps, Position } from './PlaceForms.tsx';

const URGENCIES = ['low', 'normal', 'high', 'critical'] as const;
const KINDS = ['text', 'number', 'boolean', 'date', 'choice', 'choices'] as const;

export const newCategory = (): Category => ({
  id: '',
  name: {},
  urgency: 'normal',
  unit_id: null,
  follow_up: true,
  fields: [],
  retired: false,
  position: 0,
  version: '',
});
const newField = (number: number): CustomFieldSetup => ({
  name: `field_${number}`,
  label: {},
  kind: 'text',
  required: false,
  choices: [],
});

export function CategoryForm({ object: category, isNew, done, setup }: FormProps<Category>) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const wrong = useWrong();
  const editor = useEditor(category);
  const { draft, change, errorAt } = editor;
  const units = setup.units.filter(({ retired }) => !retired);
  return (
    <form className="form" data-testid="category-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('desk.settings.newCategory') : `${localized(category.name, category.id)} · ${category.id}`}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('desk.settings.categoryCodeHint')}
            error={wrong(errorAt('id'))}
            value={draft.id}
            onChange={(id) => change({ id })}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
        <SelectField
          label={t('desk.field.urgency')}
          hint={t('desk.settings.urgencyHint')}
          value={draft.urgency}
          choices={URGENCIES.map((value) => ({ value, name: t(`desk.urgency.${value}`) }))}
          onChange={(urgency) => change({ urgency })}
        />
        <SelectField
          label={t('desk.settings.proposedUnit')}
          hint={t('desk.settings.proposedUnitHint')}
          error={wrong(errorAt('unit_id'))}
          value={draft.unit_id ?? ''}
          choices={[
            { value: '', name: t('common.none') },
            ...units.map(({ id, name }) => ({ value: id, name: localized(name, id) })),
          ]}
          onChange={(unit) => change({ unit_id: unit || null })}
        />
        <CheckField
          label={t('desk.settings.followUp')}
          hint={t('desk.settings.followUpHint')}
          value={draft.follow_up}
          onChange={(follow_up) => change({ follow_up })}
        />
        <CheckField
          label={t('desk.settings.retired')}
          hint={t('desk.settings.retiredCategoryHint')}
          value={draft.retired}
          onChange={(retired) => change({ retired })}
        />
        <Position editor={editor} />
      </div>
      <h3>{t('desk.settings.fields')}</h3>
      <p className="form__hint">{wrong(errorAt('fields')) ?? t('desk.settings.fieldsHint')}</p>
      <CustomFields fields={draft.fields} onChange={(fields) => change({ fields })} />
      <SaveBar
        editor={editor}
        save={async (wanted) => {
          const fields = wanted.fields.map((field) => ({ ...field, choices: filled(field.choices ?? []) }));
          const saved = await deskSettings.putCategory({ ...wanted, fields });
          editor.replace(saved.categories.find(({ id }) => id === wanted.id) ?? wanted);
        }}
        onSaved={(saved) => isNew && done(saved.id)}
        remove={isNew ? undefined : () => deskSettings.deleteCategory(category.id, draft.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

interface FieldsProps {
  fields: CustomFieldSetup[];
  onChange: (fields: CustomFieldSetup[]) => void;
}

function CustomFields({ fields, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const set = (index: number, patch: Partial<CustomFieldSetup>): void =>
    onChange(fields.map((field, at) => (at === index ? { ...field, ...patch } : field)));
  const up = (index: number): void =>
    onChange(fields.map((field, at) => fields[at === index ? at - 1 : at === index - 1 ? at + 1 : at] ?? field));
  return (
    <div className="form__steps">
      {fields.map((field, index) => (
        <fieldset key={index} className="form__step" data-testid={`custom-field-${index}`}>
          <legend>{t('desk.settings.fieldNumber', { number: index + 1 })}</legend>
          <div className="form__grid">
            <TextField
              label={t('admin.code')}
              hint={t('desk.settings.fieldNameHint')}
              value={field.name}
              onChange={(name) => set(index, { name })}
            />
            <NamesField value={field.label} onChange={(label) => set(index, { label })} />
            <SelectField
              label={t('desk.settings.fieldKind')}
              hint={t('desk.settings.fieldKindHint')}
              value={field.kind ?? 'text'}
              choices={KINDS.map((value) => ({ value, name: t(`desk.settings.fieldKinds.${value}`) }))}
              onChange={(kind) => set(index, { kind: kind as CustomFieldSetup['kind'] })}
            />
            {(field.kind === 'choice' || field.kind === 'choices') && (
              <LinesField
                label={t('desk.settings.choices')}
                hint={t('desk.settings.choicesHint')}
                value={field.choices ?? []}
                onChange={(choices) => set(index, { choices })}
              />
            )}
            {field.kind === 'number' && (
              <>
                <NumberField
                  label={t('desk.settings.least')}
                  hint={t('desk.settings.boundHint')}
                  value={field.least ?? null}
                  onChange={(least) => set(index, { least })}
                />
                <NumberField
                  label={t('desk.settings.most')}
                  hint={t('desk.settings.boundHint')}
                  value={field.most ?? null}
                  onChange={(most) => set(index, { most })}
                />
              </>
            )}
            <CheckField
              label={t('desk.settings.fieldRequired')}
              hint={t('desk.settings.fieldRequiredHint')}
              value={field.required ?? false}
              onChange={(required) => set(index, { required })}
            />
          </div>
          <div className="form__row">
            <button
              type="button"
              className="button button--small"
              disabled={index === 0}
              aria-label={t('desk.settings.moveUp', { number: index + 1 })}
              onClick={() => up(index)}
            >
              <ArrowUpOutlined />
            </button>
            <button
              type="button"
              className="button button--small"
              onClick={() => onChange(fields.filter((_, at) => at !== index))}
            >
              <DeleteOutlined /> {t('desk.settings.removeField', { number: index + 1 })}
            </button>
          </div>
        </fieldset>
      ))}
      <button
        type="button"
        className="button button--small"
        data-testid="add-field"
        onClick={() => onChange([...fields, newField(fields.length + 1)])}
      >
        <PlusOutlined /> {t('desk.settings.addField')}
      </button>
    </div>
  );
}
