/** That of package.json, put in when this is built. */
declare const BERTH_VERSION: string;

/** The version of Berth. */
export const VERSION: string = BERTH_VERSION;
