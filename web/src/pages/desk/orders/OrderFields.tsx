/** The fields of an order, for a new one and for correcting one. */

import { useTranslation } from 'react-i18next';
import type { CustomField } from '../../../api/desk.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { CategoryField, CheckField, ChoiceField, Labelled, TextField, useAreaChoices } from '../form.tsx';
import { CustomerPicker } from '../customers/CustomerPicker.tsx';
import { useDeskNames, useDeskWord } from '../words.ts';
import type { OrderValues } from './values.ts';

interface Props {
  values: OrderValues;
  change: (part: Partial<OrderValues>) => void;
  /** An order keeps its area: its number begins with it. */
  existing?: boolean;
}

export function useCustomFields(category: string): CustomField[] {
  const { reference } = useDeskNames();
  return reference?.categories.find(({ id }) => id === category)?.fields ?? [];
}

export function OrderFields({ values, change, existing = false }: Props) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const areas = useAreaChoices();
  const fields = useCustomFields(values.category);
  return (
    <>
      <TextField
        wide
        needed
        label={t('desk.field.title')}
        value={values.title}
        testId="order-form-title"
        onChange={(title) => change({ title })}
      />
      <CategoryField
        label={t('desk.field.category')}
        value={values.category}
        empty={t('desk.form.choose')}
        testId="order-form-category"
        onChange={(category) => change({ category })}
      />
      <ChoiceField
        label={t('desk.field.urgency')}
        value={values.urgency}
        empty={existing ? undefined : t('desk.form.defaultUrgency')}
        choices={(['critical', 'high', 'normal', 'low'] as const).map((one) => ({
          value: one,
          label: word('urgency', one),
        }))}
        onChange={(urgency) => change({ urgency: urgency as OrderValues['urgency'] })}
      />
      <CustomerPicker
        id={values.customer_id}
        name={values.customer_name}
        onChange={(customer) =>
          change({
            customer_id: customer?.id ?? null,
            customer_name: customer?.name ?? '',
            ...(customer && {
              address: values.address || customer.address,
              contact_name: values.contact_name || customer.name,
              contact_number: values.contact_number || (customer.numbers[0] ?? ''),
            }),
          })
        }
      />
      {!existing && (
        <ChoiceField
          label={t('desk.field.area')}
          needed={values.customer_id === null}
          value={values.area}
          empty={t('desk.form.choose')}
          choices={areas}
          testId="order-form-area"
          onChange={(area) => change({ area })}
        />
      )}
      <TextField
        wide
        label={t('desk.field.address')}
        value={values.address}
        testId="order-form-address"
        onChange={(address) => change({ address })}
      />
      <TextField
        label={t('desk.field.contact_name')}
        value={values.contact_name}
        onChange={(contact_name) => change({ contact_name })}
      />
      <TextField
        label={t('desk.field.contact_number')}
        type="tel"
        value={values.contact_number}
        onChange={(contact_number) => change({ contact_number })}
      />
      <TextField
        wide
        rows={3}
        label={t('desk.field.text')}
        value={values.text}
        testId="order-form-text"
        onChange={(text) => change({ text })}
      />
      <TextField wide label={t('desk.field.wanted')} value={values.wanted} onChange={(wanted) => change({ wanted })} />
      {fields.map((field) => (
        <CustomInput
          key={field.name}
          field={field}
          value={values.fields[field.name]}
          onChange={(value) => change({ fields: { ...values.fields, [field.name]: value } })}
        />
      ))}
      <CheckField
        label={t('desk.field.confidential')}
        value={values.confidential}
        onChange={(confidential) => change({ confidential })}
      />
    </>
  );
}

interface CustomProps {
  field: CustomField;
  value: unknown;
  onChange: (value: unknown) => void;
}

function CustomInput({ field, value, onChange }: CustomProps) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const label = localized(field.label, field.name);
  const needed = field.required ?? false;
  const choices = (field.choices ?? []).map((choice) => ({ value: choice, label: choice }));
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  switch (field.kind) {
    case 'boolean':
      return <CheckField label={label} value={value === true} onChange={onChange} />;
    case 'choice':
      return (
        <ChoiceField
          label={label}
          needed={needed}
          value={text}
          empty={t('desk.form.choose')}
          choices={choices}
          onChange={onChange}
        />
      );
    case 'choices': {
      const chosen = Array.isArray(value) ? value.map(String) : [];
      return (
        <Labelled label={label} needed={needed}>
          <select
            className="field desk-field__several"
            multiple
            value={chosen}
            onChange={(event) => onChange([...event.target.selectedOptions].map((option) => option.value))}
          >
            {choices.map((choice) => (
              <option key={choice.value}>{choice.value}</option>
            ))}
          </select>
        </Labelled>
      );
    }
    case 'number':
      return (
        <TextField
          label={label}
          needed={needed}
          type="number"
          value={text}
          onChange={(number) => onChange(number === '' ? '' : Number(number))}
        />
      );
    default:
      return (
        <TextField
          label={label}
          needed={needed}
          type={field.kind === 'date' ? 'date' : 'text'}
          value={text}
          onChange={onChange}
        />
      );
  }
}
