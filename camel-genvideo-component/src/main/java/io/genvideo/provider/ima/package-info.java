/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * IMA Studio as a provider. Its one reason to exist: to translate a request to IMA's wire format, and IMA's answers to ours
 * (docs/contracts/ima.md).
 *
 * <p>Start with {@link io.genvideo.provider.ima.ImaProvider}, then follow a generation: {@code ImaPlanner} reads the
 * catalogue ({@code ImaCatalogue}), selects a model ({@code LeafSelector}), sets its parameters
 * ({@code ParameterResolver}), checks the media ({@code InputRules}), finds the price ({@code PriceFinder}), uploads
 * ({@code ImaUploader}), has pictures verified where a model wants that ({@code AssetVerifier}), and sends the one paid call, whose answer {@code CreateResponseMapper} judges;
 * {@code PollResponseMapper} judges the answer to every poll. All addresses, headers and bodies are in {@code ImaRequests},
 * all error codes in {@code ImaErrors}.
 */
@NullMarked
package io.genvideo.provider.ima;

import org.jspecify.annotations.NullMarked;
