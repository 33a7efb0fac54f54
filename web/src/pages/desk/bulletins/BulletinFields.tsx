/** What a bulletin and an outage say alike: from when to when, where exactly, in which words. */

import { useTranslation } from 'react-i18next';
import { InstantField, TextField } from '../form.tsx';

export interface Told {
  starts_at: number | null;
  ends_at: number | null;
  estates: string;
  text: string;
  spokenZh: string;
  spokenEn: string;
}

interface Props {
  value: Told;
  onChange: (part: Partial<Told>) => void;
}

export function BulletinFields({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <InstantField
        needed
        label={t('desk.field.starts_at')}
        value={value.starts_at}
        onChange={(starts_at) => onChange({ starts_at })}
      />
      <InstantField
        needed
        label={t('desk.field.ends_at')}
        value={value.ends_at}
        onChange={(ends_at) => onChange({ ends_at })}
      />
      <TextField
        rows={3}
        label={t('desk.field.estates')}
        value={value.estates}
        onChange={(estates) => onChange({ estates })}
      />
      <TextField rows={3} label={t('desk.field.text')} value={value.text} onChange={(text) => onChange({ text })} />
      <TextField
        rows={2}
        label={t('desk.bulletins.spokenZh')}
        value={value.spokenZh}
        onChange={(spokenZh) => onChange({ spokenZh })}
      />
      <TextField
        rows={2}
        label={t('desk.bulletins.spokenEn')}
        value={value.spokenEn}
        onChange={(spokenEn) => onChange({ spokenEn })}
      />
    </>
  );
}
