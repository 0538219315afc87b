/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * The documentation as a test: each snippet of its pages is read from the page and run, loaded or compiled. {@link
 * io.genvideo.docs.SnippetsTest} does it for all of them, {@link io.genvideo.docs.ExamplesTest} tests what those do that
 * describe a behaviour. A snippet that nothing runs has the comment {@code <!-- fragment: reason -->} above it.
 */
package io.genvideo.docs;
