/** 大屏 for people who are signed in: their role's board, another one by its address, or all of them in turn. */

import { ArrowLeftOutlined, SwapOutlined } from '../../ui/icons.ts';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useBoards } from '../../api/boards.ts';
import { maySupervise, useSession } from '../../api/session.ts';
import { useLocalized } from '../../i18n/words.ts';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { BoardScreen } from './BoardScreen.tsx';
import { useRotation } from './useRotation.ts';

export default function Wallboard() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const { board: asked } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const { role } = useSession().user;
  const { data, error, refetch } = useBoards();
  const all = data?.boards ?? [];
  const rotating = search.get('rotate') === '1' && all.length > 1;
  const turn = useRotation(all, rotating);
  if (data === undefined) {
    return error === null ? <LoadingState /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const chosen = all.find(({ id }) => id === (rotating ? turn : (asked ?? data.mine))) ?? all[0];
  if (chosen === undefined) return <LoadingState />;
  return (
    <BoardScreen
      board={chosen}
      figures={data.figures}
      screen={false}
      showsAgents={maySupervise(role)}
      mayAcknowledge={maySupervise(role)}
      before={
        <Link className="wb-tool" to="/" aria-label={t('common.back')} title={t('common.back')}>
          <ArrowLeftOutlined />
        </Link>
      }
      tools={
        all.length > 1 && (
          <>
            <select
              className="wb-tool"
              aria-label={t('wallboard.choose')}
              data-testid="wb-choose"
              value={chosen.id}
              onChange={(event) => void navigate(`/wallboard/${event.target.value}`)}
            >
              {all.map(({ id, name }) => (
                <option key={id} value={id}>
                  {localized(name, id)}
                </option>
              ))}
            </select>
            <button
              type="button"
              className="wb-tool"
              aria-pressed={rotating}
              data-testid="wb-rotate"
              onClick={() => setSearch(rotating ? {} : { rotate: '1' })}
            >
              <SwapOutlined /> {t(rotating ? 'wallboard.stopRotating' : 'wallboard.rotate')}
            </button>
          </>
        )
      }
    />
  );
}
