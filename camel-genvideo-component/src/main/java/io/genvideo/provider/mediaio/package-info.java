/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * Media.io as a provider: 22 models behind one API that takes public URLs only. Its one reason to exist: to translate a request
 * to Media.io's wire format, and Media.io's responses to ours (docs/contracts/mediaio.md).
 *
 * <p>Start with {@link io.genvideo.provider.mediaio.MediaioProvider}, then follow a generation: {@code MediaioPlanner} selects
 * the model in the vendor's definition ({@code MediaioCatalogue}, {@code TaskTypes}), sets its parameters
 * ({@code ParameterResolver}), assigns and checks the media ({@code InputRules}, {@code MediaLimits}), has the route's uploader
 * bring files to URLs, and sends the one paid call, whose response {@code CreateResponseMapper} judges;
 * {@code PollResponseMapper} judges the response to every poll. All addresses, headers and bodies are in
 * {@code MediaioRequests}, all error codes in {@code MediaioErrors}.
 */
@NullMarked
package io.genvideo.provider.mediaio;

import org.jspecify.annotations.NullMarked;
