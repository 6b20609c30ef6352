/** Where the modules are that only some pastes need, beside those of pages: "./reading.HASH/" (build.mjs). */
declare const READING: string;
