/** The desk's places in the settings: areas, units, categories, deadlines, staff, odd days. */

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type DeskReference, useAllStaff, useDeskSetup, useOddDays } from '../../../api/deskSettings.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { ObjectPage } from '../ObjectPage.tsx';
import { CategoryForm, newCategory } from './CategoryForm.tsx';
import { DayForm, newDay, newPerson, StaffForm } from './PeopleForms.tsx';
import { AreaForm, newArea, newUnit, UnitForm } from './PlaceForms.tsx';
import { RulesForm } from './RulesForm.tsx';

/** All of them need names from each other. */
function WithSetup({ children }: { children: (setup: DeskReference) => ReactNode }) {
  const { data, error, refetch } = useDeskSetup();
  if (data !== undefined) return children(data);
  return error === null ? <LoadingState /> : <ErrorState error={error} onRetry={() => void refetch()} />;
}

export function Areas() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const query = useDeskSetup();
  return (
    <WithSetup>
      {(setup) => (
        <ObjectPage
          section="areas"
          title={t('admin.sections.areas')}
          query={{ ...query, data: setup.areas }}
          keyOf={({ id }) => id}
          nameOf={({ id, name }) => localized(name, id)}
          noteOf={({ id, districts }) => [id, ...districts].join(' · ')}
          create={newArea}
          form={(area, isNew, done) => <AreaForm object={area} isNew={isNew} done={done} setup={setup} />}
        />
      )}
    </WithSetup>
  );
}

export function Units() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const query = useDeskSetup();
  return (
    <WithSetup>
      {(setup) => {
        const nameOf = (id: string | null): string =>
          localized(setup.units.find((unit) => unit.id === id)?.name, id ?? '');
        return (
          <ObjectPage
            section="units"
            title={t('admin.sections.units')}
            query={{ ...query, data: setup.units }}
            keyOf={({ id }) => id}
            nameOf={({ id }) => nameOf(id)}
            noteOf={({ kind, parent_id, retired }) =>
              [t(`desk.settings.kinds.${kind as 'unit'}`), nameOf(parent_id), retired ? t('desk.settings.retired') : '']
                .filter(Boolean)
                .join(' · ')
            }
            faded={({ retired }) => retired}
            create={newUnit}
            form={(unit, isNew, done) => <UnitForm object={unit} isNew={isNew} done={done} setup={setup} />}
          />
        );
      }}
    </WithSetup>
  );
}

export function Categories() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const query = useDeskSetup();
  return (
    <WithSetup>
      {(setup) => (
        <ObjectPage
          section="categories"
          title={t('admin.sections.categories')}
          query={{ ...query, data: setup.categories }}
          keyOf={({ id }) => id}
          nameOf={({ id, name }) => '　'.repeat(id.split('.').length - 1) + localized(name, id)}
          noteOf={({ id, urgency, fields }) =>
            [
              id,
              t(`desk.urgency.${urgency as 'normal'}`),
              fields.length > 0 ? t('desk.settings.fieldCount', { count: fields.length }) : '',
            ]
              .filter(Boolean)
              .join(' · ')
          }
          faded={({ retired }) => retired}
          create={newCategory}
          form={(category, isNew, done) => <CategoryForm object={category} isNew={isNew} done={done} setup={setup} />}
        />
      )}
    </WithSetup>
  );
}

export function Deadlines() {
  return <WithSetup>{(setup) => <RulesForm setup={setup} />}</WithSetup>;
}

export function Staff() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const query = useAllStaff();
  return (
    <WithSetup>
      {(setup) => (
        <ObjectPage
          section="staff"
          title={t('admin.sections.staff')}
          query={query}
          keyOf={({ id }) => String(id)}
          nameOf={({ name, title }) => `${name} ${title}`}
          noteOf={({ unit_id, mobile, phone, retired }) =>
            [
              localized(setup.units.find(({ id }) => id === unit_id)?.name, unit_id),
              mobile || phone,
              retired ? t('desk.settings.left') : '',
            ]
              .filter(Boolean)
              .join(' · ')
          }
          faded={({ retired }) => retired}
          create={newPerson}
          form={(person, isNew, done) => <StaffForm object={person} isNew={isNew} done={done} setup={setup} />}
        />
      )}
    </WithSetup>
  );
}

export function OddDays() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const query = useOddDays();
  return (
    <ObjectPage
      section="days"
      title={t('admin.sections.days')}
      query={{ ...query, data: query.data?.days }}
      keyOf={({ day }) => day}
      nameOf={({ day, name }) => `${day} ${localized(name, '')}`}
      noteOf={({ kind }) => t(`desk.settings.dayKinds.${kind}`)}
      create={newDay}
      form={(day, isNew, done) => <DayForm object={day} isNew={isNew} done={done} />}
    />
  );
}
