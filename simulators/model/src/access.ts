/** The key that the demo uses. It opens nothing: whoever reaches the simulator may as well read this file. */
export const MODEL_KEY = 'sk-simulated';

export const CHAT_MODELS = ['prosa-simulator', 'prosa-simulator-mini'];
export const EMBEDDING_MODEL = 'prosa-simulator-embedding';
