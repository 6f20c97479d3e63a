/** @param {Boot} boot as `GET /session` gives it @param {Environment} [env] */
export function createChatClient(boot: Boot, env?: Environment): ChatClient;
export type Client = InstanceType<typeof ChatClient>;
import type { Boot } from './types.js';
import type { Environment } from './types.js';
declare class ChatClient {
    /** @param {Boot} boot @param {Environment} env */
    constructor(boot: Boot, env: Environment);
    /** @param {() => void} listener @returns {() => void} ends it */
    subscribe: (listener: () => void) => () => void;
    /** @returns {State} */
    getSnapshot: () => State;
    /**
     * Something a person did.
     * @param {Action} action
     * @returns {Promise<any>} what came of it; rejects with a Problem
     */
    dispatch: (action: Action) => Promise<any>;
    /** Whether this tab holds the socket, for itself or for all. */
    get leads(): boolean;
    /** Whether no other tab is known of: there may be some all the same. */
    get alone(): boolean;
    start(): void;
    stop(): void;
    /** @param {boolean} visible whether somebody can see the page */
    setVisible(visible: boolean): void;
    /** @param {boolean} awake whether somebody wants to hear of messages while nobody looks */
    stayAwake(awake: boolean): void;
    /** @param {boolean} online */
    setOnline(online: boolean): void;
    #private;
}
import type { State } from './types.js';
import type { Action } from './types.js';
export {};
