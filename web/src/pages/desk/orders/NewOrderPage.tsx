import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useCustomer } from '../../../api/deskQueries.ts';
import { LoadingState } from '../../../ui/ListState.tsx';
import { OrderForm } from './OrderForm.tsx';

/** `?customer=7` fills in that customer. */
export function NewOrderPage() {
  const [search] = useSearchParams();
  const customer = Number(search.get('customer') ?? 0);
  return (
    <section className="desk-narrow panel">
      {customer > 0 ? <ForCustomer id={customer} /> : <Form place="page" />}
    </section>
  );
}

function ForCustomer({ id }: { id: number }) {
  const { data, isPending } = useCustomer(id);
  if (isPending) return <LoadingState />;
  return (
    <Form
      place={`customer:${id}`}
      {...(data && {
        prefill: {
          customer_id: data.id,
          customer_name: data.name,
          contact_name: data.name,
          address: data.address,
          contact_number: data.numbers[0] ?? '',
        },
      })}
    />
  );
}

function Form(props: Pick<Parameters<typeof OrderForm>[0], 'place' | 'prefill'>) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <>
      <h2 className="panel__title">{t('desk.form.title')}</h2>
      <div className="desk-part">
        <OrderForm {...props} onMade={(id) => void navigate(id === null ? '/desk/orders' : `/desk/orders/${id}`)} />
      </div>
    </>
  );
}
