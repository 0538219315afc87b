/**
 * The offline twin of the generation services: one HTTP server, the ledger that says what was asked and charged, and
 * the faults that can be injected. What is peculiar to one service is in a package of its own; what draws and stores
 * media is in {@code media}.
 */
@NullMarked
package io.genvideo.sandbox;

import org.jspecify.annotations.NullMarked;
