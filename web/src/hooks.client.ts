import { getLocale, overwriteGetLocale } from '#lib/paraglide/runtime.js';

// A page keeps the language that it came in until it is loaded anew; every sentence would read the cookies for it otherwise.
const locale = getLocale();
overwriteGetLocale(() => locale);
