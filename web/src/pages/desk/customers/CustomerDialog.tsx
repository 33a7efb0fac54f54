/** A new customer, or all fields of one. Numbers that are shown masked go back masked and stay as they are. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type CustomerBody, type CustomerRecord } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { asProblem } from '../../../api/problem.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { lines } from '../bulletins/told.ts';
import { useDraft } from '../drafts.ts';
import { ChoiceField, DraftButtons, Refusal, TextField } from '../form.tsx';
import { useSend } from '../useSend.ts';

const TEXTS = ['name', 'customer_number', 'meter_number', 'district', 'estate', 'building', 'unit', 'room'] as const;
type Texts = Record<(typeof TEXTS)[number], string>;

interface Values extends Texts {
  numbers: string;
  tags: string;
  notes: string;
  consent: '' | 'yes' | 'no';
}

interface Props {
  customer: CustomerRecord | null;
  onClose: () => void;
  onSaved?: (customer: CustomerRecord) => void;
}

export function CustomerDialog({ customer, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const [version, setVersion] = useState(customer?.version ?? 0);
  const [before] = useState(() => valuesOf(customer));
  const { value, change, discard } = useDraft<Values>(`customer:${customer?.id ?? 'new'}`, before);
  const { busy, problem, send } = useSend((error) => {
    const refused = asProblem(error);
    if (refused.errorId === 'stale_version') setVersion(Number(refused.params.version));
    readAgain('customer');
  });

  const save = async (): Promise<void> => {
    const body = bodyOf(value);
    const done = await send(async () => {
      const saved = customer
        ? await deskApi.changeCustomer(customer.id, { ...body, version })
        : await deskApi.addCustomer(body);
      onSaved?.(saved);
    });
    if (!done) return;
    discard();
    readAgain('customer', 'work_order');
    showToast('info', t(customer ? 'desk.customers.saved' : 'desk.customers.added'));
    onClose();
  };

  return (
    <Dialog
      wide
      open
      title={customer ? `${t('desk.customers.edit')} · ${customer.name}` : t('desk.customers.new')}
      onClose={onClose}
      footer={
        <DraftButtons
          save={t('desk.customers.save')}
          busy={busy}
          testId="customer-save"
          onSave={() => void save()}
          onDiscard={() => {
            discard();
            onClose();
          }}
        />
      }
    >
      <div className="desk-form">
        {TEXTS.map((name) => (
          <TextField
            key={name}
            label={name === 'unit' ? t('desk.customers.entrance') : t(`desk.field.${name}`)}
            needed={name === 'name'}
            value={value[name]}
            testId={`customer-${name}`}
            onChange={(text) => change({ [name]: text })}
          />
        ))}
        <TextField
          rows={3}
          label={`${t('desk.field.numbers')} · ${t('desk.customers.onePerLine')}`}
          value={value.numbers}
          testId="customer-numbers"
          onChange={(numbers) => change({ numbers })}
        />
        <TextField rows={3} label={t('desk.field.notes')} value={value.notes} onChange={(notes) => change({ notes })} />
        <TextField
          label={`${t('desk.field.tags')} · ${t('desk.customers.tagsHelp')}`}
          value={value.tags}
          testId="customer-tags"
          onChange={(tags) => change({ tags })}
        />
        <ChoiceField
          label={t('desk.field.consent')}
          value={value.consent}
          empty={t('desk.customers.consentUnknown')}
          choices={[
            { value: 'yes', label: t('desk.form.yes') },
            { value: 'no', label: t('desk.form.no') },
          ]}
          onChange={(consent) => change({ consent: consent as Values['consent'] })}
        />
        <Refusal text={problem} />
      </div>
    </Dialog>
  );
}

function valuesOf(customer: CustomerRecord | null): Values {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, customer?.[name] ?? ''])) as Texts;
  const consent = customer?.consent ?? null;
  return {
    ...texts,
    numbers: customer?.numbers.join('\n') ?? '',
    tags: customer?.tags.join(', ') ?? '',
    notes: customer?.notes ?? '',
    consent: consent === null ? '' : consent ? 'yes' : 'no',
  };
}

function bodyOf(value: Values): CustomerBody {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, value[name].trim()])) as Texts;
  return {
    ...texts,
    numbers: lines(value.numbers),
    tags: value.tags
      .split(/[,，、\s]+/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    notes: value.notes.trim(),
    consent: value.consent === '' ? null : value.consent === 'yes',
  };
}
