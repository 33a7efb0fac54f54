/** In the address: an object that has not been stored. No id can be this word, since ids have no hyphen. */
export const NEW = 'new-one';
