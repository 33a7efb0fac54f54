/** Setting up the centre: each kind of object with its list, its put and its delete. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

/** JSON of any shape: what may stand in it is in docs/routing.md. */
type Json = Record<string, unknown>;

export type QueueSetup = Omit<Schemas['QueueSetup'], 'options' | 'steps'> & { options?: Json; steps?: Json[] };
export type AgentSetup = Omit<Schemas['AgentSetup'], 'options'> & { options?: Json };
export type WordSetup = Schemas['WordSetup'];
export type ReasonCodeSetup = Schemas['ReasonCodeSetup'];
export type DispositionSetup = Schemas['DispositionSetup'];
export type UserSetup = Schemas['UserSetup'];
export type RoutingSetup = Omit<Schemas['RoutingSetup'], 'options'> & { options?: Json };
export type PhonePassword = Schemas['PhonePassword'];

/** What the server wants to see again, so that nobody's change is overwritten unseen; none for a new object. */
type Stored<T> = T & { version: string };

function sent<T extends { version?: string }, Key extends keyof T>(object: T, ...without: Key[]) {
  const kept = Object.entries(object).filter(([name]) => !without.includes(name as Key));
  return { ...Object.fromEntries(kept), version: object.version || null } as Omit<T, Key | 'version'> & {
    version: string | null;
  };
}

const id = (key: string) => ({ path: { queue_id: key, skill: key, team: key, code: key } });

export const config = {
  queues: () => answer(client.GET('/api/config/queues')) as Promise<QueueSetup[]>,
  putQueue: (queue: QueueSetup) =>
    answer(client.PUT('/api/config/queues/{queue_id}', { params: id(queue.id), body: sent(queue, 'id') as never })),
  deleteQueue: (key: string, version: string) =>
    answer(client.DELETE('/api/config/queues/{queue_id}', { params: { ...id(key), query: { version } } })),

  skills: () => answer(client.GET('/api/config/skills')),
  putSkill: (word: WordSetup) =>
    answer(client.PUT('/api/config/skills/{skill}', { params: id(word.id), body: sent(word, 'id') })),
  deleteSkill: (key: string, version: string) =>
    answer(client.DELETE('/api/config/skills/{skill}', { params: { ...id(key), query: { version } } })),

  teams: () => answer(client.GET('/api/config/teams')),
  putTeam: (word: WordSetup) =>
    answer(client.PUT('/api/config/teams/{team}', { params: id(word.id), body: sent(word, 'id') })),
  deleteTeam: (key: string, version: string) =>
    answer(client.DELETE('/api/config/teams/{team}', { params: { ...id(key), query: { version } } })),

  reasons: () => answer(client.GET('/api/config/reason-codes')),
  putReason: (word: ReasonCodeSetup) =>
    answer(client.PUT('/api/config/reason-codes/{code}', { params: id(word.code), body: sent(word, 'code') as never })),
  deleteReason: (key: string, version: string) =>
    answer(client.DELETE('/api/config/reason-codes/{code}', { params: { ...id(key), query: { version } } })),

  dispositions: () => answer(client.GET('/api/config/dispositions')),
  putDisposition: (word: DispositionSetup) =>
    answer(client.PUT('/api/config/dispositions/{code}', { params: id(word.code), body: sent(word, 'code') as never })),
  deleteDisposition: (key: string, version: string) =>
    answer(client.DELETE('/api/config/dispositions/{code}', { params: { ...id(key), query: { version } } })),

  agents: () => answer(client.GET('/api/config/agents')) as Promise<AgentSetup[]>,
  putAgent: (agent: AgentSetup) => {
    const body = sent(agent, 'id') as never;
    return agent.id === 0
      ? answer(client.POST('/api/config/agents', { body }))
      : answer(client.PUT('/api/config/agents/{agent_id}', { params: { path: { agent_id: agent.id } }, body }));
  },
  putSkillLevels: (agent: Stored<AgentSetup>, skills: Record<string, number>) =>
    answer(
      client.PUT('/api/config/agents/{agent_id}/skills', {
        params: { path: { agent_id: agent.id } },
        body: { skills, version: agent.version },
      }),
    ),
  renewPhonePassword: (agentId: number) =>
    answer(client.POST('/api/config/agents/{agent_id}/phone-password', { params: { path: { agent_id: agentId } } })),

  users: () => answer(client.GET('/api/config/users')),
  putUser: (user: UserSetup, password: string) => {
    const body = { ...sent(user, 'id'), password: password || null } as never;
    return user.id === 0
      ? answer(client.POST('/api/config/users', { body }))
      : answer(client.PUT('/api/config/users/{user_id}', { params: { path: { user_id: user.id } }, body }));
  },

  routing: () => answer(client.GET('/api/config/routing')) as Promise<RoutingSetup>,
  putRouting: (routing: RoutingSetup) =>
    answer(client.PUT('/api/config/routing', { body: sent(routing, 'id') as never })),
};

export type ConfigKind = 'queues' | 'skills' | 'teams' | 'reasons' | 'dispositions' | 'agents' | 'users' | 'routing';

export function useConfig<Kind extends ConfigKind>(kind: Kind) {
  return useQuery({
    queryKey: ['config', kind],
    queryFn: config[kind] as () => Promise<Awaited<ReturnType<(typeof config)[Kind]>>>,
    staleTime: 5_000,
  });
}

/** After a change: everything that was set up is read again, since one object names others. */
export function useConfigChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: ['config'] });
    await queries.invalidateQueries({ queryKey: ['reference'] });
  };
}
